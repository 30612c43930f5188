"""How a phrase that people type would be written as the name of a skill."""

# Short words without a vowel are abbreviations (mcp, css); of those with one, the usual.
ACRONYMS = frozenset({"ai", "api", "ar", "aws", "iot", "ocr", "seo", "ui", "ux"})
LONGEST_ABBREVIATION = 4
LOWER_CASE = frozenset(
    {"a", "an", "and", "as", "at", "by", "for", "in", "of", "on", "or", "to", "with"}
)


def as_name(text: str) -> str:
    """Write a normalised text as skills are written: "mcp server for ai", "MCP Server for AI"."""
    first, *words = text.split() or [""]
    return " ".join(
        [_titled(first), *(word if word in LOWER_CASE else _titled(word) for word in words)]
    )


def _titled(word: str) -> str:
    short = 1 < len(word) <= LONGEST_ABBREVIATION and word.isalpha()
    if word in ACRONYMS or (short and not set(word) & set("aeiouy")):
        return word.upper()
    return word[:1].upper() + word[1:]
