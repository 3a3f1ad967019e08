"""Who calls and who configures a Terraform module's functions."""

from __future__ import annotations

from collections import defaultdict

from msgspec import Struct

from lambdalint.deployment.terraform.expressions import evaluate
from lambdalint.deployment.terraform.hcl import Block, references
from lambdalint.deployment.terraform.modules import Module
from lambdalint.deployment.terraform.values import number, text

# Resources and data that mention a function without calling it.
_BYSTANDERS = (
    "aws_appautoscaling_",
    "aws_cloudwatch_dashboard",
    "aws_cloudwatch_log_",
    "aws_cloudwatch_metric_",
    "aws_iam_",
    "aws_lambda_function_event_invoke_config",
    "aws_lambda_alias",
    "null_resource",
    "terraform_data",
    "time_sleep",
)
_SCHEDULERS = ("events.amazonaws.com", "scheduler.amazonaws.com")


class Uses(Struct):
    """What is known of one function's uses; `sources` as in `DeployedFunction`."""

    sources: tuple[str, ...] = ()
    rotation: bool = False
    provisioned: bool = False


class Wiring:
    """All mentions of functions in one module."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._uses: dict[tuple[str, ...], Uses] = defaultdict(Uses)
        # An alias stands for its function.
        self._aliases: dict[tuple[str, ...], tuple[str, ...]] = {}
        for block in module.blocks:
            if block.labels[:1] == ("aws_lambda_alias",):
                for name in references(block):
                    if name[0] == "aws_lambda_function":
                        self._aliases[block.labels] = name[:2]
        for block in module.blocks:
            self._take(block)

    def of(self, block: Block) -> Uses:
        """The uses of a function's resource or module."""
        return self._uses[_address(block)]

    def _take(self, block: Block) -> None:
        own = _address(block)
        mentioned = {self._aliases.get(name[:2], name[:2]) for name in references(block)} - {own}
        functions = [name for name in mentioned if name[0] in ("aws_lambda_function", "module")]
        if not functions:
            return
        kind = block.labels[0] if block.kind in ("resource", "data") and block.labels else block.kind
        for name in functions:
            uses = self._uses[name]
            if kind == "aws_lambda_provisioned_concurrency_config":
                executions = block.attributes.get("provisioned_concurrent_executions")
                count = number(evaluate(executions.value, self.module)) if executions is not None else None
                uses.provisioned = uses.provisioned or count != 0
            elif kind == "aws_secretsmanager_secret_rotation":
                uses.rotation = True
            else:
                source = self._source(kind, block)
                if source and source not in uses.sources:
                    uses.sources = (*uses.sources, source)

    def _source(self, kind: str, block: Block) -> str:
        """The kind of event source that a block with a mention is; empty for none."""
        if kind.startswith(_BYSTANDERS) or (kind == "output" and not self.module.path):
            return ""
        if kind == "aws_scheduler_schedule":
            return "schedule"
        if kind == "aws_cloudwatch_event_target":
            return "schedule" if self._scheduled(block) else "event"
        if kind == "aws_lambda_permission":
            principal = block.attributes.get("principal")
            service = text(evaluate(principal.value, self.module)) if principal is not None else None
            # The rule or the schedule itself tells more.
            return "" if service in _SCHEDULERS else (service or "?").partition(".")[0]
        return kind

    def _scheduled(self, target: Block) -> bool:
        """Whether the rule of an event target is a schedule and nothing else."""
        attribute = target.attributes.get("rule")
        rule = evaluate(attribute.value, self.module) if attribute is not None else None
        found = self.module.referred(rule)
        settings = found[1].attributes if found is not None else {}
        return "schedule_expression" in settings and "event_pattern" not in settings


def _address(block: Block) -> tuple[str, ...]:
    """How other blocks begin the names of this one: `aws_lambda_function.x`, `module.x`, `data.…`."""
    return block.labels[:2] if block.kind == "resource" else (block.kind, *block.labels)[:2]
