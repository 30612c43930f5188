"""Which skills a search names: the longest phrase first, over names and aliases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.skills import matching
from marketplace.skills.matching import Matcher, current_taxonomy, current_version, match_chunk
from marketplace.skills.models import (
    AliasTaken,
    Category,
    SearchTerm,
    Skill,
    SkillAlias,
    SkillStatus,
    TermCategory,
    TermSkill,
)
from marketplace.skills.normalise import normalise

NAMES = [
    *("C", "C++", "C#", ".NET", "ASP.NET", "Node.js", "Go", "R", "Java", "JavaScript"),
    *("React", "React Native", "Native Ads", "Logo Design", "Design", "Machine Learning"),
]
PHRASES = {normalise(name): number for number, name in enumerate(NAMES)}


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("c++ developer", ["C++"]),
        ("C# and .NET developer", ["C#", ".NET"]),
        ("asp.net", ["ASP.NET"]),
        ("node.js", ["Node.js"]),
        ("node", []),
        ("java", ["Java"]),
        ("javascript tutor", ["JavaScript"]),
        ("react native app", ["React Native"]),
        ("native react", ["React"]),
        ("react native ads", ["React Native"]),
        ("react and react native", ["React", "React Native"]),
        ("logo design", ["Logo Design"]),
        ("design a logo", ["Design"]),
        ("go", ["Go"]),
        ("go developer", ["Go"]),
        ("go to market strategy", []),
        ("c", ["C"]),
        ("c programming", ["C"]),
        ("vitamin c cream", []),
        ("r script for machine learning", ["R", "Machine Learning"]),
        ("nothing of the kind", []),
        ("", []),
    ],
)
def test_a_query_names_the_skills_a_person_would_say(query: str, named: list[str]) -> None:
    found = Matcher(PHRASES).skills(normalise(query))
    assert {NAMES[number] for number in found} == set(named)


WORDS = st.sampled_from(["a", "b", "go", "web", "ai", "c++"])
TERMS = st.lists(WORDS, max_size=6).map(" ".join)


@given(st.dictionaries(TERMS.filter(bool), st.integers(1, 9)), TERMS)
def test_a_phrase_by_itself_names_its_skill_and_no_term_names_more_skills_than_words(
    phrases: dict[str, int], term: str
) -> None:
    matcher = Matcher(phrases)
    assert all(matcher.skills(phrase) == {skill} for phrase, skill in phrases.items())
    assert len(matcher.skills(term)) <= len(term.split())
    assert matcher.skills(term) <= set(phrases.values())


def match(*texts: str) -> dict[str, set[str]]:
    """Store these terms, match all there are; the names of the skills of each."""
    for text in texts:
        SearchTerm.objects.get_or_create(text=text)
    taxonomy = current_taxonomy()
    version = current_version(taxonomy)
    while match_chunk(Matcher(taxonomy.phrases), taxonomy, version)[0]:
        pass
    found: dict[str, set[str]] = {text: set() for text in texts}
    for term, skill in TermSkill.objects.values_list("term__text", "skill__name"):
        found.setdefault(term, set()).add(skill)
    return found


def test_an_alias_given_later_is_matched_and_one_taken_away_is_not(
    skills: dict[str, Skill],
) -> None:
    assert match("py script", "snake") == {"py script": {"Python"}, "snake": set()}
    skills["Python"].claim("Snake!")
    SkillAlias.objects.get(text="py").delete()
    assert match("py script", "snake") == {"py script": set(), "snake": {"Python"}}


def test_a_merged_skill_leads_to_its_survivor_and_a_retired_one_nowhere(
    skills: dict[str, Skill],
) -> None:
    Skill.objects.filter(name="React").update(
        status=SkillStatus.MERGED, merged_into=skills["React Native"]
    )
    Skill.objects.filter(name="Logo Design").update(status=SkillStatus.RETIRED)
    assert match("react", "logo") == {"react": {"React Native"}, "logo": set()}


def test_a_term_names_the_categories_of_its_skills_and_their_parents(
    skills: dict[str, Skill],
) -> None:
    match("python logo")
    paths = {str(one.category) for one in TermCategory.objects.select_related("category__parent")}
    assert paths == {"Programming > Web", "Programming", "Design"}
    Skill.objects.filter(name="Python").update(category=Category.objects.at_path("Data"))
    match()
    paths = {str(one.category) for one in TermCategory.objects.select_related("category__parent")}
    assert paths == {"Data", "Design"}


def test_only_terms_that_changed_are_reported_and_the_version_only_grows_with_the_taxonomy(
    skills: dict[str, Skill], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "CHUNK", 2)
    match("python", "react", "snake", "logo", "py")
    before = current_version(current_taxonomy())
    assert current_version(current_taxonomy()) == before
    skills["Python"].claim("snake")
    taxonomy = current_taxonomy()
    version = current_version(taxonomy)
    assert version.pk > before.pk
    changed: list[int] = []
    read = 1
    while read:
        read, some = match_chunk(Matcher(taxonomy.phrases), taxonomy, version)
        assert read <= matching.CHUNK
        changed += some
    assert [SearchTerm.objects.get(pk=pk).text for pk in changed] == ["snake"]


def test_a_text_can_name_one_skill_only_and_says_whose_it_is(skills: dict[str, Skill]) -> None:
    with pytest.raises(AliasTaken, match='"py" already names the skill "Python"'):
        skills["React"].claim("PY")
    with pytest.raises(AliasTaken, match='already names the skill "Python"'):
        Skill.objects.add(name="python ", category=skills["React"].category)
    assert not skills["Python"].claim("py")


def test_names_that_differ_in_signs_alone_get_slugs_of_their_own(skills: dict[str, Skill]) -> None:
    category = skills["React"].category
    slugs = [
        Skill.objects.add(name=name, category=category).slug
        for name in ["C#", "C", ".NET", "Node.js", "设计", "c plus-plus"]
    ]
    assert [skills["C++"].slug, *slugs] == [
        "c-plus-plus",
        "c-sharp",
        "c",
        "dot-net",
        "node-dot-js",
        "skill-e8aebee8aea1",
        "c-plus-plus-2",
    ]
