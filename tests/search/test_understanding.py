"""Each step from what was typed to what was meant, tested by itself."""

import pytest

from search.beginnings import complete_words, read_beginnings
from search.cleaning import LONGEST_QUERY, clean_query, drop_amounts, fold, split_words
from search.common_words import load_words, stem_phrase
from search.keyboard import are_neighbors, switch_to_latin, switch_to_russian
from search.letters import romanize, sound_out
from search.mending import (
    change_layout,
    change_letters,
    correct_beginning,
    correct_spelling,
    finish_word,
    join_neighbors,
    mend_token,
    split_compound,
)
from search.slips import Spellings
from search.stems import stem, stem_all
from search.understanding import Term, find_terms, mend_words, read_words, understand
from search.vocabulary import KIND, VARIETY, Vocabulary, add_name, add_words
from shop.catalog.tags import Tag


def make_vocabulary(language="ru", **synonyms):
    vocabulary = Vocabulary(language)
    names = {
        "ru": [("клубника", "strawberry"), ("малина", "raspberry"), ("чёрная смородина", "blackcurrant")],
        "en": [("strawberry", "клубника"), ("raspberry", "малина"), ("blackcurrant", "чёрная смородина")],
    }[language]
    for ours, theirs in names:
        words = add_words(vocabulary, ours, KIND)
        add_name(vocabulary, split_words(theirs), " ".join(words))
    add_words(vocabulary, {"ru": "Азия", "en": "Asia"}[language], VARIETY)
    for typed, means in synonyms.items():
        vocabulary.synonyms[stem_phrase(typed)] = [means]
    vocabulary.phrases = sorted((fold(ours), KIND) for ours, _theirs in names)
    vocabulary.beginnings = sorted((word, vocabulary.weigh(word)) for word in vocabulary.shown.values())
    vocabulary.sound_beginnings = sorted(vocabulary.sounds)
    vocabulary.foreign_stems = Spellings.arrange(stems[0] for stems in vocabulary.names if len(stems) == 1)
    vocabulary.stems = Spellings.arrange(vocabulary.shown)
    return vocabulary


@pytest.fixture
def ru():
    return make_vocabulary("ru", виктория="клубника")


@pytest.fixture
def en():
    return make_vocabulary("en")


@pytest.mark.parametrize(
    ("typed", "clean"),
    [
        ("  малина \n\t аделита ", "малина аделита"),
        ("мали\0на", "мали на"),
        ("\ud800малина\uffff", "малина"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_a_query_becomes_one_line_that_a_database_holds(typed, clean):
    assert clean_query(typed) == clean


def test_a_query_has_an_end():
    assert len(clean_query("я" * 5000)) == LONGEST_QUERY
    assert len(split_words("слово " * 1000)) == 12


@pytest.mark.parametrize("query", ["ъы " * 66, "й,ц,у,к," * 25, "слово-" * 33])
def test_a_query_has_at_most_twelve_words(query, monkeypatch, ru):
    monkeypatch.setattr("search.understanding.get_vocabulary", lambda language: ru)

    for reading in understand(query, "ru"):
        assert 0 < len(reading.terms) <= 12
    assert len(mend_words(query.split(), ru)) <= 12


def test_words_are_compared_in_small_letters_without_dots_and_accents():
    assert fold("ЧЁРНАЯ Мали\u0301на") == "черная малина"
    assert fold("че\u0308рная") == "черная"


def test_only_letters_and_digits_are_words():
    assert split_words("«Азия», кисло-сладкая & !(малина | 2):*") == [
        "азия",
        "кисло",
        "сладкая",
        "малина",
        "2",
    ]
    assert split_words("🍓 '\\ \" % <->") == []


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("малина 500 г", ["малина"]),
        ("малина 0,5кг", ["малина"]),
        ("raspberries 2 lbs", ["raspberries"]),
        ("селеченская 2", ["селеченская", "2"]),
        ("2 грядки", ["2", "грядки"]),
    ],
)
def test_weights_are_no_words_of_a_query(typed, left):
    assert split_words(drop_amounts(typed)) == left


def test_the_same_keys_on_the_other_keyboard():
    assert switch_to_russian("rke,ybrf") == "клубника"
    assert switch_to_russian('{<>:"~') == "хбюжэё"
    assert switch_to_latin("ыекфциуккн") == "strawberry"


def test_neighbors_are_on_one_keyboard_and_beside_each_other():
    assert are_neighbors("а", "п")
    assert are_neighbors("q", "w")
    assert not are_neighbors("к", "м")
    assert not are_neighbors("1", "2")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("klubnika", "клубника"),
        ("zhimolost", "жимолость"),
        ("jimolost'", "жимолость"),
        ("krizhovnik", "крыжовник"),
        ("oblepikha", "облепиха"),
        ("vishnia", "вишня"),
        ("klukva", "клуква"),
        ("kljukva", "клюква"),
        ("schi", "щи"),
        ("shchi", "щи"),
    ],
)
def test_latin_letters_sound_like_the_russian_word_in_any_habit_of_writing(typed, meant):
    assert sound_out(typed) == sound_out(romanize(meant))


def test_all_forms_of_a_word_have_one_stem():
    assert {stem(word) for word in ("клубника", "клубнику", "клубникой", "клубники")} == {"клубник"}
    assert {stem(word) for word in ("strawberry", "strawberries")} == {"strawberri"}
    assert stem_all(["малину", "berries"]) == ("малин", "berri")


# --- Mending ------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["rke,ybrf", "rke,ybre", "RKE<YBRF", "strawberry", "ыекфциуккн"])
def test_a_keyboard_that_was_not_switched_is(ru, token):
    expected = change_layout(token, ru) or mend_words([token], ru)[0]

    assert stem(expected) == "клубник"


def test_latin_letters_become_words_of_the_shop(ru, en):
    assert change_letters("klubnika", ru) == "клубника"
    assert change_letters("malina", en) == "raspberry"
    assert change_letters("tractor", ru) is None


def test_names_of_the_other_language_are_translated(ru, en):
    assert mend_words(["raspberries"], ru) == ["малина"]
    assert mend_words(["чёрная", "смородина"], en) == ["blackcurrant"]
    assert mend_words(["малину"], en) == ["raspberry"]


@pytest.mark.parametrize("typo", ["клубинка", "клубникка", "клубнека", "клубика", "клубинкой", "кулбника"])
def test_slips_are_mended(ru, typo):
    assert correct_spelling(typo, ru) == "клубника"


@pytest.mark.parametrize("other", ["калина", "трактор", "кот", "бублик", "лубочек", "клуб"])
def test_what_is_too_far_is_left_alone(ru, other):
    assert correct_spelling(other, ru) is None


@pytest.mark.parametrize("typo", ["клобни", "глубник", "клбуни", "клубнек"])
def test_a_slip_in_a_beginning_is_mended(ru, typo):
    assert correct_beginning(typo, ru) == "клубника"


@pytest.mark.parametrize("other", ["клоб", "жлубни", "клобнэ", "смарадин", "бублик"])
def test_a_beginning_that_is_too_short_or_too_far_is_left_alone(ru, other):
    assert correct_beginning(other, ru) is None


def test_a_beginning_is_finished(ru):
    assert finish_word("клубн", ru) == "клубника"
    assert finish_word("кл", ru) is None


def test_words_are_divided_and_joined(ru):
    assert split_compound("чернаясмородина", ru) == "черная смородина"
    assert split_compound("абракадабра", ru) is None
    assert join_neighbors(["клуб", "ника", "азия"], ru) == ["клубника", "азия"]
    assert join_neighbors(["клубника", "азия"], ru) == ["клубника", "азия"]


@pytest.mark.parametrize("token", ["йцукен", "qqq", "🍓", "'", ",", "\\", "123"])
def test_what_means_nothing_stays_as_it_is(ru, token):
    assert mend_token(token, ru) is None


# --- Terms ----------------------------------------------------------------------------


def test_a_tag_is_heard_in_any_form_of_its_words(ru):
    for phrase in ("для варенья", "на варенье", "джем"):
        assert [term.tag for term in read_words(split_words(phrase), ru).terms] == ["jam"]
    assert read_words(["без", "косточек"], ru).terms[0].tag == "seedless"
    assert read_words(["витамин", "с"], ru).terms[0].tag == "vitaminc"


def test_what_is_said_in_any_shop_is_left_out_beside_a_name(ru):
    for query in ("купить малину", "сколько стоит малина", "свежая малина с доставкой", "малина цена"):
        assert [stem(term.words[0]) for term in read_words(split_words(query), ru).terms] == ["малин"]


def test_what_is_said_in_any_shop_counts_where_nothing_else_is_said(ru):
    assert read_words(["доставка"], ru).terms == (Term(("доставка",)),)
    assert read_words(["и", "с"], ru).terms == ()


@pytest.mark.parametrize(
    "query", ["купить ягоды", "какие ягоды есть", "все ягоды", "что есть из ягод", "каталог"]
)
def test_a_query_without_a_name_that_asks_for_berries_asks_for_any(ru, query):
    assert read_words(split_words(query), ru).is_general


@pytest.mark.parametrize("query", ["all berries", "what berries do you have", "fresh fruit"])
def test_the_same_in_english(en, query):
    assert read_words(split_words(query), en).is_general


@pytest.mark.parametrize("query", ["ягода малина", "ягоды для варенья", "доставка", "все"])
def test_other_queries_do_not_ask_for_any_berry(ru, query):
    assert not read_words(split_words(query), ru).is_general


@pytest.mark.parametrize("query", ["не кислая малина", "некислая малина", "малина не очень кислая"])
def test_a_taste_that_is_denied_is_not_wanted(ru, query):
    reading = read_words(split_words(query), ru)

    assert ([stem(term.words[0]) for term in reading.terms], reading.unwanted) == (["малин"], ("sour",))


def test_a_denied_use_is_not_wanted_either(ru, en):
    assert read_words(["не", "для", "варенья"], ru).unwanted == ("jam",)
    assert read_words(["not", "too", "sweet"], en).unwanted == ("sweet",)
    assert read_words(["без", "косточек"], ru).unwanted == ()


def test_a_synonym_stands_beside_the_word(ru):
    assert list(find_terms(["викторию", "азия"], ru)) == [
        Term(("викторию", "клубника")),
        Term(("азия",)),
    ]


def test_every_tag_has_words_in_both_languages():
    for language in ("ru", "en"):
        assert set(load_words(language).phrases) == set(Tag.values)


def test_each_unknown_word_is_mended_once_and_of_very_many_the_first_alone(ru, monkeypatch):
    mended = []

    def mend(token, vocabulary):
        mended.append(token)
        return "малина"

    monkeypatch.setattr("search.understanding.mend_token", mend)
    words = ["трактор", "комбайн", "трактор", "сеялка", "веялка", "борона", "лопата", "грабли", "тяпка"]

    assert mend_words(words, ru) == ["малина"] * 7 + ["грабли", "тяпка"]
    assert mended == ["трактор", "комбайн", "сеялка", "веялка", "борона", "лопата"]


# --- Beginnings -------------------------------------------------------------------------


def test_the_first_letters_are_read_on_both_keyboards_and_in_both_alphabets(ru):
    assert "клу" in list(read_beginnings("rke", ru))
    assert list(read_beginnings("klub", ru))[-1] == "клубника"
    assert list(read_beginnings("  ", ru)) == []


def test_whole_names_are_suggested_before_single_words(ru):
    assert complete_words("чер", ru)[0] == "черная смородина"
    assert complete_words("клубника аз", ru) == ["клубника азия"]
    assert complete_words("трактор аз", ru) == []
