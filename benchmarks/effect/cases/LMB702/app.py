import os

import psycopg2

connection = psycopg2.connect(os.environ["DATABASE_URL"])


def lambda_handler(event, context):
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, price FROM products WHERE price < %s", (event["below"],))
        return cursor.fetchall()[0]
