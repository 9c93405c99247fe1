"""Jinja2's sandbox made narrower: what runs in it reads what it is given, prints text, and ends by itself.

Whoever may change the policy writes templates, and letters are written inside a change: a template that never ends, or
that doubles a text forty times, would stop the desk. Steps and text are counted, not seconds, so that a template which
renders on one machine renders on all. Methods of values are out of reach; `range` is gone, and so are the filters that
blow up text.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from functools import wraps
from types import CodeType
from typing import Any

from jinja2 import BaseLoader, StrictUndefined, Template, TemplateSyntaxError, Undefined, nodes
from jinja2.environment import TemplateModule
from jinja2.exceptions import SecurityError
from jinja2.runtime import BlockReference, Context, LoopContext, Macro, TemplateReference
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import Namespace
from jinja2.visitor import NodeTransformer

from tk.errors import Message, say

MOST_STEPS = 10_000
"""How many turns of loops, calls and filters one letter may take."""

MOST_TEXT = 1_000_000
"""How many characters of text one letter may make on its way."""

MOST_PARTS = 50
"""How many templates one letter may be put together from."""

LONGEST_SOURCE = 1 << 16
"""How many characters a template may have."""

_GREATEST = 1_000
"""The greatest number that a filter takes as an argument."""

_LARGEST = 10**15
"""What numbers made in a template stay below."""

_FILTERS = (
    "abs",
    "capitalize",
    "count",
    "d",
    "default",
    "first",
    "float",
    "groupby",
    "indent",
    "int",
    "items",
    "last",
    "length",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "reject",
    "rejectattr",
    "reverse",
    "round",
    "select",
    "selectattr",
    "sort",
    "string",
    "sum",
    "title",
    "trim",
    "truncate",
    "unique",
    "upper",
    "wordcount",
    "wordwrap",
)
"""The filters of jinja2 that letters need: none of them makes much of little."""

_OWN = (LoopContext, Macro, Namespace, TemplateReference, TemplateModule, BlockReference)
"""What of the template's own has attributes."""

_STEPS = "steps of a loop"
_JOINED = "join"
_WRITTEN = "a list that is written"
_HIDDEN = ("varargs", "kwargs")


class Overrun(Exception):
    """A template does more than a letter needs; `message` says what."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class Missing(StrictUndefined):
    """What a template names and is not there: an error as soon as it is used."""

    @property
    def _undefined_message(self) -> str:
        return str(say('there is no "{name}" to read', name=self._undefined_name))


class Budget:
    """What one letter may still use."""

    def __init__(self) -> None:
        self.steps = MOST_STEPS
        self.text = MOST_TEXT
        self.parts = MOST_PARTS
        self.source = 0

    def step(self, text: int = 0) -> None:
        """Count a step, which makes so many characters."""
        self.steps -= 1
        if self.steps < 0:
            raise Overrun(say("it does not end: more than {count} steps", count=MOST_STEPS))
        self.spend(text)

    def spend(self, text: int) -> None:
        """Count characters that are made."""
        self.text -= text
        if self.text < 0:
            raise Overrun(say("it makes more than {count} characters", count=MOST_TEXT))

    def part(self, source: str) -> None:
        """Count a template that is put in."""
        self.parts -= 1
        self.source += len(source)
        if self.parts < 0:
            raise Overrun(say("it is put together from more than {count} templates", count=MOST_PARTS))
        if len(source) > LONGEST_SOURCE:
            raise Overrun(say("it is longer than {count} characters", count=LONGEST_SOURCE))
        self.spend(len(source))


class Sandbox(SandboxedEnvironment):
    """The environment that templates of letters run in; `budget` is that of the letter being written."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(self, loader: BaseLoader, filters: Mapping[str, Callable[..., object]]) -> None:
        super().__init__(
            loader=loader,
            undefined=Missing,
            finalize=self._printed,
            autoescape=False,
            optimized=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            cache_size=0,
        )
        self.budget = Budget()
        self._codes: dict[tuple[str, str], CodeType] = {}
        self.globals = {"namespace": Namespace}
        known = {name: function for name, function in self.filters.items() if name in _FILTERS}
        self.filters = {name: self._counted(function) for name, function in {**known, **filters}.items()}
        self.filters[_STEPS] = self._steps
        self.filters[_JOINED] = self._join
        self.filters[_WRITTEN] = self._flat

    def built(self, source: str, name: str, filename: str, given: MutableMapping[str, Any]) -> Template:
        """Return the template that `source` writes, its loops counted."""
        self.budget.part(source)
        code = self._codes.get((filename, source))
        if code is None:
            tree: nodes.Template = _Bounded().visit(self.parse(source, name, filename))
            code = self._codes[filename, source] = self.compile(tree, name, filename)
        return self.template_class.from_code(self, code, given, None)

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return what is called so: an entry of a mapping, or an attribute of the template's own things."""
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, _OWN):
            return super().getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an entry of a mapping, an item of a list, a part of a text."""
        if isinstance(argument, str) or isinstance(obj, Mapping):
            return self.getattr(obj, argument)
        return super().getitem(obj, argument)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call a macro, or what a loop offers."""
        self.budget.step(self.budget.source if isinstance(obj, Macro | BlockReference) else 0)
        return super().call(context, obj, *args, **kwargs)

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Reckon with numbers; texts can be added to each other."""
        self.budget.step()
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            self.budget.spend(len(left) + len(right))
            return left + right
        if operator == "**" or not (isinstance(left, int | float) and isinstance(right, int | float)):
            raise SecurityError(str(say("{operator} is not for these values", operator=operator)))
        made = super().call_binop(context, operator, left, right)
        if abs(made) >= _LARGEST:
            raise Overrun(say("a number grows too large"))
        return made

    def _printed(self, value: object) -> str:
        """Return a value as it is printed: nothing for none."""
        if value is None:
            return ""
        if isinstance(value, tuple | list | Mapping) or not isinstance(value, str | int | float | Undefined):
            raise SecurityError(str(say("a list cannot be printed: loop over it, or join it")))
        text = str(value)
        self.budget.spend(len(text))
        return text

    def _steps(self, items: Iterable[object], text: int) -> Iterator[object]:
        for item in items:
            self.budget.step(text)
            yield item

    def _join(self, items: Iterable[object], between: str = "", attribute: str | None = None) -> str:
        """Return the items in one text; `attribute` is that of each which is meant."""
        parts = (item if attribute is None else self.getitem(item, attribute) for item in items)
        return self._printed(between).join(map(self._printed, self._steps(parts, len(between))))

    def _flat(self, made: object) -> object:
        """Return a list or mapping that a template writes; of lists in lists, few would hold more than any machine."""
        held = made.values() if isinstance(made, Mapping) else made
        if isinstance(held, Iterable) and any(isinstance(item, list | tuple | Mapping) for item in held):
            raise SecurityError(str(say("a list in a list is not for letters")))
        return made

    def _counted(self, function: Callable[..., object]) -> Callable[..., object]:
        """Return a filter that counts as a step, with the text that it may make at most, and takes no great numbers."""
        first_is_own = hasattr(function, "jinja_pass_arg")  # the environment, or what it is called from

        @wraps(function)
        def counted(*args: object, **kwargs: object) -> object:
            value, *rest = args[1:] if first_is_own else args
            given = (*rest, *kwargs.values())
            numbers = [abs(each) for each in given if isinstance(each, int)]
            if max(numbers, default=0) > _GREATEST:
                raise Overrun(say("a filter takes no number above {count}", count=_GREATEST))
            text = value if isinstance(value, str) else ""
            if len(text) > LONGEST_SOURCE:
                raise Overrun(say("a filter takes no text of more than {count} characters", count=LONGEST_SOURCE))
            words = sum(len(each) for each in given if isinstance(each, str))
            self.budget.step(len(text) * (1 + words) + text.count("\n") * sum(numbers))
            return function(*args, **kwargs)

        return counted


class _Bounded(NodeTransformer):
    """Has each turn of a loop counted, with the text in it, and texts that are joined; lists written have no lists."""

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        """Return what takes the node's place."""
        self.generic_visit(node, *args, **kwargs)
        if isinstance(node, nodes.Concat):
            return nodes.Filter(nodes.List(node.nodes), _JOINED, [], [], None, None, lineno=node.lineno)
        if isinstance(node, nodes.List | nodes.Dict) or (isinstance(node, nodes.Tuple) and node.ctx == "load"):
            return nodes.Filter(node, _WRITTEN, [], [], None, None, lineno=node.lineno)
        if isinstance(node, nodes.Name) and node.name in _HIDDEN:
            raise TemplateSyntaxError(str(say("{name} is not for letters", name=node.name)), node.lineno)
        if isinstance(node, nodes.For):
            if node.recursive:
                raise TemplateSyntaxError(str(say("{name} is not for letters", name="recursive")), node.lineno)
            text = sum(len(data.data) for data in node.find_all(nodes.TemplateData))
            node.iter = nodes.Filter(node.iter, _STEPS, [nodes.Const(text)], [], None, None, lineno=node.lineno)
        return node
