import os

import sqlalchemy
from sqlalchemy import text


def lambda_handler(event, context):
    engine = sqlalchemy.create_engine(os.environ["ENGINE_URL"])
    with engine.connect() as connection:
        found = connection.execute(text("SELECT price FROM products WHERE id = :id"), {"id": event["id"]})
        return found.scalar_one()
