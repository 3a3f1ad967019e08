"""Shipping: quotes, estimates, tracking, and routes through our own depots."""

import json
import logging
import os
from decimal import Decimal

import boto3
import networkx as nx

from common.auth import carrier_token, tracking_token
from common.config import CARRIER_URL, CUSTOMERS_TABLE, PRODUCTS_TABLE
from common.http import get_json
from common.responses import error, respond

logger = logging.getLogger()
logger.setLevel(logging.INFO)

RATES = os.environ["SHIPPING_RATES"]
DEPOT_LINKS = [
    ("north", "central", 220),
    ("central", "south", 340),
    ("north", "harbour", 90),
    ("harbour", "south", 610),
    ("south", "overseas", 1900),
]

dynamodb = boto3.resource("dynamodb")
customers = dynamodb.Table(CUSTOMERS_TABLE)
products = dynamodb.Table(PRODUCTS_TABLE)


def lambda_handler(event, context):
    route = event["routeKey"]
    if route == "GET /shipping/quote":
        return quote(event.get("queryStringParameters") or {})
    if route == "POST /shipping/estimate":
        return estimate(event)
    if route == "GET /shipping/tracking/{number}":
        return track(event["pathParameters"]["number"])
    if route == "GET /shipping/routes/{origin}/{destination}":
        return depot_route(event["pathParameters"]["origin"], event["pathParameters"]["destination"])
    return error(404, "no such route")


def quote(query):
    if "customer_id" not in query or "sku" not in query:
        return error(400, "customer_id and sku are needed")
    customer = customers.get_item(Key={"customer_id": query["customer_id"]}).get("Item")
    product = products.get_item(Key={"sku": query["sku"]}).get("Item")
    if customer is None or product is None:
        return error(404, "no such customer or product")

    token = carrier_token()
    parcel = parcel_price(token, customer["country"], product["weight_kg"])
    freight = freight_price(token, customer["country"], product["weight_kg"])
    offers = [offer for offer in (parcel, freight) if offer]
    if not offers:
        return error(502, "no carrier has an offer")
    return respond(200, {"best": min(offers, key=lambda offer: offer["price"]), "offers": offers})


def parcel_price(token, country, weight):
    return get_json(f"{CARRIER_URL}/parcel/price?to={country}&kg={weight}", token)


def freight_price(token, country, weight):
    return get_json(f"{CARRIER_URL}/freight/price?to={country}&kg={weight}", token)


def estimate(event):
    """A price for several parcels by our own table of rates."""
    if "parcels" not in json.loads(event["body"]):
        return error(400, "parcels are needed")
    zone = json.loads(event["body"]).get("zone", "domestic")
    parcels = json.loads(event["body"])["parcels"]

    total = Decimal(0)
    for parcel in parcels:
        rates = json.loads(RATES, parse_int=Decimal)
        rate = rates[zone]
        total += rate["base"] + rate["per_kg"] * Decimal(str(parcel["kg"]))
    return respond(200, {"zone": zone, "total": total})


def track(number):
    status = get_json(f"{CARRIER_URL}/tracking/{number}", tracking_token())
    return respond(200, status) if status else error(404, "no such parcel")


def depot_route(origin, destination):
    """The shortest way between two depots; planners ask for it a few times a week."""
    network = nx.Graph()
    network.add_weighted_edges_from(DEPOT_LINKS, weight="km")
    if origin not in network or destination not in network:
        return error(404, "no such depot")
    path = nx.shortest_path(network, origin, destination, weight="km")
    return respond(200, {"path": path, "km": nx.path_weight(network, path, "km")})
