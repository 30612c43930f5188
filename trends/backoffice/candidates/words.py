"""Words that say nothing about what is looked for, and words that tell a course from a skill."""

from marketplace.skills.matching import COMPANY

_FUNCTION = """
a about after all am an and any are as at be been before best but by can cheap could do does for
from get give good had has have he her hire hiring him his i if im in into is it its ive just
looking may me must my need needed needs of on or our please she should so some someone somebody
something than that the their them then there these they this those to today urgent urgently us
very via want wanted wants was we were what when where which who whom why will with would you your
"""
_GENERAL = """
agency anyone business company customer designer free freelancers hiring job jobs online person
quick quickly startup work worker writer
"""
_COURSE = """
academy assignment batch bootcamp certification challenge class classes cohort college course
courses exam hackathon homework internship lesson masterclass quiz school semester syllabus
university webinar week workshop
"""
_MAIL_HOSTS = """
gmail.com googlemail.com hotmail.com icloud.com live.com outlook.com proton.me yahoo.com
"""

# They hold a sentence together, or say no more than "I am looking for".
FUNCTION_WORDS = frozenset(_FUNCTION.split())
# What is asked for around any skill.
GENERAL_WORDS = COMPANY | FUNCTION_WORDS | frozenset(_GENERAL.split())
COURSE_WORDS = frozenset(_COURSE.split())
# The same inside one word, as tags are written.
COURSE_SYLLABLES = ("academy", "batch", "bootcamp", "challenge", "course", "days", "learn", "skill")
# What is left of a mail address once its sign is taken for a space.
MAIL_HOSTS = frozenset(_MAIL_HOSTS.split())
