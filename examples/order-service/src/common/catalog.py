"""Products and customers by their keys."""

import boto3

from common.config import CUSTOMERS_TABLE, PRODUCTS_TABLE


class Catalog:
    """The products. One instance is made at import and shared by all invocations."""

    def __init__(self):
        self.table = boto3.resource("dynamodb").Table(PRODUCTS_TABLE)

    def get(self, sku):
        return self.table.get_item(Key={"sku": sku}).get("Item")


catalog = Catalog()
customers = boto3.resource("dynamodb").Table(CUSTOMERS_TABLE)


def load_customer(customer_id):
    return customers.get_item(Key={"customer_id": customer_id}).get("Item")
