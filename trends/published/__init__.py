"""What a reader may see of a snapshot, in one form for pages, API, feeds, mails and files.

Rows, filters in addresses, feeds, CSV and the API's schema. May import measuring and every room
below it.
"""
