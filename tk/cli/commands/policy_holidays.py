"""`tk policy holidays`: a register of a country's holidays, to be looked over."""

import click

from tk.cli.app import App, pass_app
from tk.cli.completing.complete import files, offering
from tk.cli.language import spoken_at
from tk.errors import say
from tk.store.given import write_given


@click.command("holidays")
@click.argument("country", metavar="COUNTRY", shell_complete=offering("countries"))
@click.argument("years", metavar="YEARS")
@click.option("--region", metavar="CODE", help="A region of the country that has holidays of its own.")
@click.option("-o", "--output", metavar="FILE", help="Write this file instead of stdout.", shell_complete=files)
@pass_app
def holidays(app: App, country: str, years: str, region: str | None, output: str | None) -> None:
    """Write a register of a country's holidays.

    COUNTRY is a code such as CL or MX, or a name in English; YEARS one year or several. Look it over: a law may have
    changed, and a desk may keep other days. A calendar goes by it once tk.toml names it.

    \b
    Example:
      tk policy holidays CL 2026-2030
      tk policy holidays MX 2026 -o registers/holidays.csv
      tk policy holidays DE 2026-2027 --region BY
    """
    from tk.services.holidays import Wanted, register_of  # the library that knows them takes long to load

    text = register_of(Wanted(country, years, region, spoken_at(str(app.folder), app.language)))
    if output is None:
        app.write(text)
        return
    write_given(app.folder, output, text.encode())
    days = text.count("\n") - 1
    app.say(say("{count} days written to {file}; look them over, then commit them", count=days, file=output))
