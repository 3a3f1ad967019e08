"""lambdalint: finds, explains and repairs what makes AWS Lambda functions in Python slow and dear."""

__version__ = "0.1.0"
