"""An emulated AWS account with the template's tables, and a local stand-in for the partners."""

import importlib
import json
import os
import sys
import threading
from functools import lru_cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import boto3
import botocore.session
import pytest
import yaml
from botocore.loaders import create_loader
from moto import mock_aws

ROOT = Path(__file__).resolve().parents[1]
SRC = ROOT / "src"
REGION = "eu-central-1"
ACCOUNT = "123456789012"
LOADER = create_loader()


class TemplateLoader(yaml.SafeLoader):
    """Reads the template; what `!Ref` and its like point to doesn't matter here."""


TemplateLoader.add_multi_constructor("!", lambda loader, suffix, node: suffix)


@lru_cache(maxsize=None)
def template_tables():
    """The properties of the template's tables by their logical names."""
    template = yaml.load((ROOT / "template.yaml").read_text(), Loader=TemplateLoader)
    return {
        name: {"TableName": name, **resource["Properties"]}
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::DynamoDB::Table"
    }


class Partners(BaseHTTPRequestHandler):
    """The payment provider and the carriers."""

    prices = {"parcel": {"price": 7, "days": 2}, "freight": {"price": 31, "days": 5}}
    charges = []

    def do_GET(self):
        url = urlsplit(self.path)
        kind = url.path.split("/")[1]
        if self.headers["Authorization"] != "Bearer carrier-token":
            self.answer(401, {"reason": "no token"})
        elif kind == "tracking":
            number = url.path.rsplit("/", 1)[1]
            if number.startswith("T"):
                self.answer(200, {"number": number, "state": "on its way"})
            else:
                self.answer(404, {"reason": "unknown"})
        elif kind in self.prices:
            query = parse_qs(url.query)
            offer = {"carrier": kind, "to": query["to"][0], "kg": query["kg"][0]}
            self.answer(200, {**offer, **self.prices[kind]})
        else:
            self.answer(404, {"reason": "unknown"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path.endswith("/token"):
            form = parse_qs(body)
            assert form["grant_type"] == ["client_credentials"]
            token = {"pay-id": "payment-token", "carry-id": "carrier-token"}[form["client_id"][0]]
            self.answer(200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600})
            return
        charge = json.loads(body)
        if self.headers["Authorization"] != "Bearer payment-token":
            self.answer(401, {"reason": "no token"})
        elif float(charge["amount"]) > 1000:
            self.answer(402, {"reason": "over the limit"})
        else:
            self.charges.append(charge)
            self.answer(201, {"payment_id": f"P-{len(self.charges)}"})

    def answer(self, status, document):
        content = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format, *arguments):
        pass


@pytest.fixture(scope="session")
def partner_url():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Partners)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def partners(monkeypatch):
    """What the partners answer and were asked, fresh for a test."""
    monkeypatch.setattr(Partners, "prices", dict(Partners.prices))
    monkeypatch.setattr(Partners, "charges", [])
    return Partners


def new_session():
    """A session with nothing of former tests but the descriptions of the services, slow to read."""
    fresh = botocore.session.Session()
    fresh.register_component("data_loader", LOADER)
    return fresh


@pytest.fixture
def aws(monkeypatch, partner_url, partners):
    environment = {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_REGION": REGION,
        "NO_PROXY": "127.0.0.1",
        "no_proxy": "127.0.0.1",
        "ORDERS_TABLE": "order-service-orders",
        "CUSTOMERS_TABLE": "CustomersTable",
        "PRODUCTS_TABLE": "ProductsTable",
        "STOCK_TABLE": "StockTable",
        "CARTS_TABLE": "CartsTable",
        "NOTIFICATIONS_TABLE": "NotificationsTable",
        "CONNECTIONS_TABLE": "ConnectionsTable",
        "RECEIPTS_BUCKET": "order-service-receipts",
        "ANALYTICS_BUCKET": "order-service-analytics",
        "ANALYTICS_ROLE_ARN": f"arn:aws:iam::{ACCOUNT}:role/analytics-writer",
        "PAYMENT_SECRET_ID": "order-service/payment",
        "PAYMENT_URL": partner_url,
        "CARRIER_URL": partner_url,
        "CARRIER_CLIENT_ID": "carry-id",
        "CARRIER_CLIENT_SECRET": "carry-secret",
        "SHIPPING_RATES": json.dumps(
            {"domestic": {"base": 4, "per_kg": 1}, "abroad": {"base": 12, "per_kg": 3}}
        ),
    }
    for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    with mock_aws():
        boto3.setup_default_session(botocore_session=new_session())
        session = boto3.Session(botocore_session=new_session())
        dynamodb = session.resource("dynamodb")
        tables = {
            name.removesuffix("Table").lower(): dynamodb.create_table(**properties)
            for name, properties in template_tables().items()
        }
        s3 = session.client("s3")
        for bucket in (environment["RECEIPTS_BUCKET"], environment["ANALYTICS_BUCKET"]):
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        sqs = session.client("sqs")
        queue = sqs.create_queue(QueueName="orders")["QueueUrl"]
        inbox = sqs.create_queue(QueueName="report-readers")["QueueUrl"]
        sns = session.client("sns")
        topic = sns.create_topic(Name="reports")["TopicArn"]
        sns.subscribe(
            TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:{REGION}:{ACCOUNT}:report-readers"
        )
        secrets = session.client("secretsmanager")
        secrets.create_secret(
            Name=environment["PAYMENT_SECRET_ID"],
            SecretString=json.dumps(
                {"merchant_id": "M-1", "client_id": "pay-id", "client_secret": "pay-secret"}
            ),
        )
        ssm = session.client("ssm")
        ssm.put_parameter(Name="/order-service/sender", Value="shop@example.com", Type="SecureString")
        ssm.put_parameter(Name="/order-service/tax/DE", Value="19", Type="String")
        ssm.put_parameter(Name="/order-service/tax/AT", Value="20", Type="String")
        monkeypatch.setenv("ORDER_QUEUE_URL", queue)
        monkeypatch.setenv("REPORT_TOPIC_ARN", topic)

        def messages(url=queue):
            answer = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)
            return [json.loads(message["Body"]) for message in answer.get("Messages", [])]

        def document(bucket, key):
            return json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())

        yield SimpleNamespace(
            tables=SimpleNamespace(**tables),
            messages=messages,
            inbox=inbox,
            document=document,
            ssm=ssm,
            receipts=environment["RECEIPTS_BUCKET"],
            analytics=environment["ANALYTICS_BUCKET"],
        )


def forget_application():
    for name, module in list(sys.modules.items()):
        if (getattr(module, "__file__", None) or "").startswith(f"{SRC}{os.sep}"):
            del sys.modules[name]


@pytest.fixture
def load(aws, monkeypatch):
    """Imports a function's module as a new execution environment does."""
    monkeypatch.syspath_prepend(str(SRC))
    forget_application()
    yield lambda function: importlib.import_module(f"{function}.app")
    forget_application()


@pytest.fixture
def seeded(aws):
    tables = aws.tables
    put(tables.products, {"sku": "cup", "name": "Cup", "price": 8, "weight_kg": 1, "picture": "cup.png"})
    put(tables.products, {"sku": "pot", "name": "Teapot", "price": 30, "weight_kg": 2})
    put(tables.products, {"sku": "tray", "name": "Tray", "price": 15, "weight_kg": 3})
    put(tables.stock, {"sku": "cup", "warehouse": "north", "quantity": 1})
    put(tables.stock, {"sku": "cup", "warehouse": "south", "quantity": 50})
    put_customer(tables, "c1", "Branch", "DE", "de", billed_to="c2")
    put_customer(tables, "c2", "Head office", "AT", "en")
    lines = [{"sku": "cup", "quantity": 2}, {"sku": "gone", "quantity": 1}, {"sku": "cup", "quantity": 1}]
    put_order(tables, "c1", "o1", "NEW", "2024-05-01T08:00:00Z", 20, lines)
    put_order(tables, "c1", "o2", "PAID", "2024-05-02T08:00:00Z", 60, lines[:1])
    put_order(tables, "c2", "o1", "PAID", "2024-05-03T08:00:00Z", 80, lines[:1])
    put_order(tables, "c2", "o3", "SHIPPED", "2024-05-04T08:00:00Z", 100, [])
    return aws


def put(table, item):
    table.put_item(Item=item)


def put_customer(tables, customer_id, name, country, language, **more):
    customer = {"customer_id": customer_id, "name": name, "country": country, "language": language}
    put(tables.customers, {**customer, "email": f"{customer_id}@example.com", **more})


def put_order(tables, customer_id, order_id, status, created_at, total, lines):
    order = {"customer_id": customer_id, "order_id": order_id, "status": status}
    put(tables.orders, {**order, "created_at": created_at, "total": total, "lines": lines})


@pytest.fixture
def call(load):
    """Calls a function as API Gateway does; gives the status and the document of its answer."""

    def call(function, route="", body=None, path=None, query=None):
        event = {"routeKey": route, "pathParameters": path or {}}
        if query:
            event["queryStringParameters"] = query
        if body is not None:
            event["body"] = body if isinstance(body, str) else json.dumps(body)
        answer = load(function).lambda_handler(event, None)
        return answer["statusCode"], json.loads(answer["body"])

    return call
