"""/suggestions/: the skills that fit what somebody has typed so far, by any of their names."""

from django.http import HttpRequest, JsonResponse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from marketplace.skills.models import Skill
from marketplace.skills.normalise import normalise

# As many as a phone shows above its keyboard.
SUGGESTIONS = 7
# No alias is longer.
LONGEST = 200
# Names change with an edit of the taxonomy: a few a week.
SECONDS_KEPT = 300


@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """Show skills by name or alias, the most alike first; nothing is recorded."""
    text = normalise(request.GET.get("q", "")[:LONGEST])
    skills = Skill.objects.like(text).select_related("category") if text else Skill.objects.none()
    answer = JsonResponse(
        {
            "suggestions": [
                {"name": skill.name, "slug": skill.slug, "category": skill.category.name}
                for skill in skills[:SUGGESTIONS]
            ]
        }
    )
    patch_cache_control(answer, public=True, max_age=SECONDS_KEPT)
    return answer
