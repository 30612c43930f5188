"""The editors' side: what the people who run the index decide, and what they see first.

May import published and every room below it; knows no page.
"""
