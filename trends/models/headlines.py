"""Who is among the headlines: only skills that a hundred people search for, or once did."""

from django.db.models import Q

# Headlines are read by people who will not look at the interval: a skill is among them from so many
# searchers on, of now where it rises, of before where it falls.
FEWEST_FOR_A_HEADLINE = 100
SEARCHED_BY_MANY = Q(current__gte=FEWEST_FOR_A_HEADLINE)
ONCE_SEARCHED_BY_MANY = Q(previous__gte=FEWEST_FOR_A_HEADLINE)
