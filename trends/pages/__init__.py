"""What freelancers open: a folder a page, with the same file names in each where needed.

`page` answers the address, `api` the same in /api/v1/, `feed` and `file` take it along, `listing`
and `filters` choose the rows. May import every room below: backoffice, published, measuring,
counting, drawing, models, wording and arithmetic. A page knows no page: only `me` and `sharing`
gather several, and `method` explains them all.
"""
