import json

import pytest

pytest.importorskip("numpy")


def run(load, time="2024-05-05T02:15:00Z"):
    return load("report").lambda_handler({"time": time, "region": "eu-central-1"}, None)


def test_large_orders_are_summed_up(seeded, load):
    report = run(load)
    assert report["orders"] == 3
    assert report["percentiles"][0] == 80.0
    assert sum(report["histogram"]["counts"]) == 3

    key = "reports/2024-05-05T02:15:00Z.json"
    assert seeded.document(seeded.receipts, key) == report
    assert seeded.document(seeded.analytics, key) == report
    (notice,) = seeded.messages(seeded.inbox)
    assert json.loads(notice["Message"]) == report
    cursor = seeded.ssm.get_parameter(Name="/order-service/last-report")
    assert cursor["Parameter"]["Value"] == "2024-05-05T02:15:00Z"


def test_each_run_starts_where_the_last_one_ended(seeded, load):
    seeded.ssm.put_parameter(Name="/order-service/last-report", Value="2024-05-03T12:00:00Z", Type="String")
    assert run(load)["orders"] == 1
    assert run(load, "2024-05-06T02:15:00Z") == {"orders": 0}
