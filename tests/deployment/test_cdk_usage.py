"""Who calls the functions of CDK programs, and which are kept warm."""

from __future__ import annotations

import pytest
from programs import only, python, typescript

from lambdalint.deployment import DeployedFunction

HEAD = """\
fn = lambda_.Function(self, "F", handler="a.b", code=lambda_.Code.from_asset("src"))
secret, bucket, rule, queue = [outside() for _ in range(4)]
"""


def used(text: str) -> DeployedFunction:
    """The function `fn` after what `text` does with it."""
    return next(f for f in python(HEAD + text).functions if f.name == "F")


@pytest.mark.parametrize(
    "text",
    [
        'lambda_.Alias(self, "A", alias_name="live", version=fn.current_version, provisioned_concurrent_executions=2)',
        'fn.add_alias("live", provisioned_concurrent_executions=2)',
        'fn.current_version.add_alias("live", provisioned_concurrent_executions=2)',
        'alias = fn.add_alias("live")\nalias.add_auto_scaling(min_capacity=1, max_capacity=9)',
        'alias = lambda_.Alias(self, "A", alias_name="live", version=fn.current_version)\n'
        "alias.add_auto_scaling(min_capacity=1, max_capacity=9)",
        'lambda_.Version(self, "V", lambda_=fn, provisioned_concurrent_executions=2)',
        'lambda_.CfnAlias(self, "A", function_name=fn.function_name, '
        "provisioned_concurrency_config={'provisioned_concurrent_executions': 1})",
    ],
)
def test_provisioned_concurrency(text: str) -> None:
    assert used(text).provisioned


@pytest.mark.parametrize(
    "text",
    [
        "",
        'fn.add_alias("live")',
        'fn.add_alias("live", provisioned_concurrent_executions=0)',
        'lambda_.Alias(self, "A", alias_name="live", version=kwargs["v"], provisioned_concurrent_executions=2)',
        'fn.add_alias("live").add_auto_scaling(min_capacity=0, max_capacity=9)',
        "fn.add_version('1')",
    ],
)
def test_no_provisioned_concurrency(text: str) -> None:
    assert not used(text).provisioned


def test_versions_that_a_function_makes_of_itself() -> None:
    found = python(
        'lambda_.Function(self, "F", handler="a.b", code=lambda_.Code.from_asset("src"), '
        "current_version_options=lambda_.VersionOptions(provisioned_concurrent_executions=1))"
    )
    assert only(found).provisioned


@pytest.mark.parametrize(
    ("text", "custom"),
    [
        ('cr.Provider(self, "P", on_event_handler=fn)', True),
        ('cr.Provider(self, "P", on_event_handler=kwargs["x"], is_complete_handler=fn)', True),
        ('CustomResource(self, "R", service_token=fn.function_arn)', True),
        (
            'cr.Provider(self, "P", on_event_handler=fn)\nbucket.grant_read(fn)\nCfnOutput(self, "O", value=fn.arn)',
            True,
        ),
        ('cr.Provider(self, "P", on_event_handler=fn)\nfn.add_event_source(SqsEventSource(queue))', False),
        ('cr.Provider(self, "P", on_event_handler=fn)\napigw.LambdaRestApi(self, "A", handler=fn)', False),
        ('cr.Provider(self, "P", on_event_handler=fn)\nfn.grant_invoke(bucket)', False),
        ('cr.Provider(self, "P", framework=fn)', False),
        ("", False),
    ],
)
def test_custom_resources(text: str, custom: bool) -> None:
    head = "from aws_cdk import CfnOutput, CustomResource, aws_apigateway as apigw\n"
    head += "from aws_cdk.aws_lambda_event_sources import SqsEventSource\n"
    assert used(head + text).custom_resource is custom


def test_functions_that_only_a_deployment_triggers() -> None:
    found = python(
        "from aws_cdk import triggers\n"
        'triggers.TriggerFunction(self, "F", handler="a.b", code=lambda_.Code.from_asset("src"))'
    )
    assert only(found).custom_resource


@pytest.mark.parametrize(
    ("text", "rotation"),
    [
        ('secret.add_rotation_schedule("R", rotation_lambda=fn)', True),
        ('sm.Secret(self, "S").add_rotation_schedule("R", rotation_lambda=fn)', True),
        ('sm.RotationSchedule(self, "R", secret=secret, rotation_lambda=fn)', True),
        ('sm.CfnRotationSchedule(self, "R", rotation_lambda_arn=fn.function_arn)', True),
        ("secret.grant_read(fn)", False),
    ],
)
def test_rotation(text: str, rotation: bool) -> None:
    found = used("from aws_cdk import aws_secretsmanager as sm\n" + text)
    assert (found.rotation, found.custom_resource) == (rotation, False)


@pytest.mark.parametrize(
    ("text", "sources"),
    [
        ("fn.add_event_source(sources.SqsEventSource(queue, batch_size=1))", ("Sqs",)),
        ("fn.add_event_source(kwargs['source'])", ("?",)),
        ("fn.add_event_source_mapping('M', event_source_arn='arn')", ("EventSourceMapping",)),
        ("fn.add_function_url()", ("FunctionUrl",)),
        ('apigw.LambdaRestApi(self, "A", handler=fn)', ("LambdaRestApi",)),
        ('kwargs["api"].root.add_method("GET", apigw.LambdaIntegration(fn))', ("LambdaIntegration",)),
        ('events.Rule(self, "R", schedule=S, targets=[targets.LambdaFunction(fn)])', ("Schedule",)),
        ('r = events.Rule(self, "R", schedule=S)\nr.add_target(targets.LambdaFunction(fn))', ("Schedule",)),
        ('r = events.Rule(self, "R", event_pattern=P)\nr.add_target(targets.LambdaFunction(fn))', ("Rule",)),
        (
            'r = events.Rule(self, "R", event_pattern=P, schedule=S)\nr.add_target(targets.LambdaFunction(fn))',
            ("Rule",),
        ),
        ("kwargs['rule'].add_target(targets.LambdaFunction(fn))", ("Rule",)),
        ('r = events.Rule(self, "R", **kwargs)\nr.add_target(targets.LambdaFunction(fn))', ("Rule",)),
        ("scheduler_targets.LambdaInvoke(fn)", ("Schedule",)),
        ('lambda_.Function(self, "G", environment={"F": fn.function_name})', ("Function",)),
        # A construct of another file may give it any source.
        ('from mine import Api\nApi(self, "A", handler=fn)', ("Api",)),
        ("from mine import tag\ntag(fn)", ()),
        ("bucket.grant_read(fn)\nfn.add_to_role_policy(statement)\nfn.metric_errors()", ()),
        ('logs.LogGroup(self, "L", name=f"/aws/{fn.function_name}", role=fn)', ()),
    ],
)
def test_sources(text: str, sources: tuple[str, ...]) -> None:
    head = "from aws_cdk import aws_lambda_event_sources as sources, aws_apigateway as apigw, aws_logs as logs\n"
    head += "from aws_cdk import aws_scheduler_targets as scheduler_targets\n"
    head += "S, P = events.Schedule.cron(), events.EventPattern()\n"
    found = used(head + text)
    assert found.sources == sources
    assert found.scheduled is (sources == ("Schedule",))


def test_the_same_in_typescript() -> None:
    found = typescript(
        """
        const fn = new lambda.Function(this, 'F', { handler: 'a.b', code: lambda.Code.fromAsset('src') });
        const rule = new events.Rule(this, 'R', { schedule: events.Schedule.rate(Duration.hours(1)) });
        rule.addTarget(new targets.LambdaFunction(fn, { retryAttempts: 2 }));
        fn.currentVersion.addAlias('live', { provisionedConcurrentExecutions: 1 });
        """
    )
    assert (only(found).sources, only(found).provisioned) == (("Schedule",), True)
