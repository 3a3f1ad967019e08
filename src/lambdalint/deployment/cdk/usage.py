"""Who uses the functions of a CDK program: what its constructs' mentions of each other tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from lambdalint.deployment.cdk.constructs import setting_of
from lambdalint.deployment.cdk.values import UNKNOWN, Made, Value, things

# What mentions a function without calling it: modules, classes and the beginnings of methods' names.
_BYSTANDERS = ("aws_cdk.aws_logs.", "aws_cdk.aws_iam.", "aws_cdk.aws_cloudwatch", "aws_cdk.aws_codedeploy.")
_CALLS_NOBODY = frozenset(
    {"CfnOutput", "Alias", "Version", "CfnAlias", "CfnVersion", "of", "super", "Stack", "Construct"}
)
_CONFIGURES = ("grant", "add_to_", "add_dependency", "add_depends_on", "metric", "add_layers", "attach")
# What makes a function callable by being called on it, and the source that this is.
_OPENINGS = {
    "add_event_source_mapping": "EventSourceMapping",
    "add_function_url": "FunctionUrl",
    "grant_invoke": "Invoke",
    "grant_invoke_url": "FunctionUrl",
    "add_permission": "Permission",
}
_ALIASES = frozenset({"aws_cdk.aws_lambda.Alias", "aws_cdk.aws_lambda.CfnAlias", "aws_cdk.aws_lambda.Version"})
_PROVIDERS = ("on_event_handler", "is_complete_handler", "service_token")
_MAX_ALIASES = 20
_ROTATIONS = ("rotation_lambda", "rotation_lambda_arn")


class Usage:
    """Answers for each function of the program, which is made by one of the `functions` paths."""

    def __init__(self, made: Sequence[Made], functions: Collection[str]) -> None:
        self._functions = functions
        self._calls: dict[Made, list[Made]] = defaultdict(list)  # methods by what they are called on
        self._holders: dict[Made, list[Made]] = defaultdict(list)  # by what they are given
        self._tokens: set[Made] = set()
        self._rotations: set[Made] = set()
        self._provisioned: set[Made] = set()
        self._sources: dict[Made, dict[str, None]] = defaultdict(dict)
        for one in made:
            if one.receiver is not None:
                self._calls[one.receiver].append(one)
            for thing in things(*one.arguments.items, *one.keywords.entries.values()):
                self._holders[thing].append(one)
        for one in made:
            self._note(one)

    def calls(self, function: Made) -> Sequence[Made]:
        """The methods that are called on a function."""
        return self._calls.get(function, ())

    def provisioned(self, function: Made) -> bool:
        """Whether environments are kept warm, by the function's own settings or an alias."""
        options = setting_of(function.option("current_version_options"), "provisioned_concurrent_executions")
        return options not in (None, 0) or function in self._provisioned

    def only_custom(self, function: Made) -> bool:
        """Whether only custom resources call it."""
        others = function in self._rotations or bool(self._sources.get(function))
        return function in self._tokens and not others

    def rotates(self, function: Made) -> bool:
        """Whether a secret's rotation calls it."""
        return function in self._rotations

    def sources(self, function: Made) -> tuple[str, ...]:
        """What calls it, as far as the program tells."""
        return tuple(self._sources.get(function, ()))

    def _note(self, one: Made) -> None:
        if self._configures(one):
            return
        for setting in _PROVIDERS:
            self._tokens.update(self._behind(one.option(setting)))
        for setting in _ROTATIONS:
            self._rotations.update(self._behind(one.option(setting)))
        for function in self._behind(one.receiver):
            if one.method == "add_event_source":
                sources = list(things(*one.arguments.items, *one.keywords.entries.values()))
                kinds = [source.method.removesuffix("EventSource") for source in sources] or ["?"]
                self._sources[function].update(dict.fromkeys(kinds))
            elif one.method in _OPENINGS:
                self._sources[function][_OPENINGS[one.method]] = None
        if self._is_bystander(one):
            return
        special = self._behind(*(one.option(setting) for setting in (*_PROVIDERS, *_ROTATIONS)))
        called = self._behind(*one.arguments.items, *one.keywords.entries.values()) - special - {one}
        if called:
            kind = self._kind(one)
            for function in called:
                self._sources[function][kind] = None

    def _behind(self, *values: Value) -> set[Made]:
        """The functions that values mean: themselves, or by a version or an alias."""
        found: set[Made] = set()
        waiting = list(things(*values))
        seen: set[Made] = set()
        while waiting and len(seen) < _MAX_ALIASES:
            one = waiting.pop()
            if one in seen:
                continue
            seen.add(one)
            if one.path in self._functions:
                found.add(one)
            elif one.path in _ALIASES:
                waiting += things(one.option("version"), one.option("lambda_"), one.option("lambda"))
                waiting += things(one.option("function_name"))
            elif one.receiver is not None and one.method in ("add_alias", "add_version"):
                waiting.append(one.receiver)
        return found

    def _configures(self, one: Made) -> bool:
        """Whether it sets how many environments are kept warm; that is noted."""
        settings = ("provisioned_concurrent_executions", "provisioned_concurrency_config")
        if one.path in _ALIASES or one.method == "add_alias":
            given = [one.option(setting) for setting in settings]
            if any(value not in (None, 0) and value is not UNKNOWN for value in given):
                self._provisioned |= self._behind(one)
            return True
        if one.method == "add_auto_scaling" and one.option("min_capacity") != 0:
            self._provisioned |= self._behind(one.receiver)
            return True
        return False

    def _is_bystander(self, one: Made) -> bool:
        own = one.path.startswith("aws_cdk.")
        if not own and not one.method[:1].isupper():
            # A function of another file may do anything; only its constructs are taken for callers.
            return True
        return (
            one.path.startswith(_BYSTANDERS)
            or one.method in _CALLS_NOBODY
            or one.method.startswith(_CONFIGURES)
            or one.method == "add_event_source"
        )

    def _kind(self, one: Made) -> str:
        """The name of a source: `Schedule` where a rule or a scheduler calls by the clock."""
        if one.path.startswith(("aws_cdk.aws_scheduler.", "aws_cdk.aws_scheduler_")):
            return "Schedule"
        if one.path != "aws_cdk.aws_events_targets.LambdaFunction":
            return one.method
        rules = [holder.receiver or holder for holder in self._holders.get(one, ())]
        by_clock = [
            rule.option("schedule") not in (None, UNKNOWN) and rule.option("event_pattern") is None for rule in rules
        ]
        return "Schedule" if rules and all(by_clock) else "Rule"
