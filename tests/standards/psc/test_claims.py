"""Claims of Pro Santé Connect: the published shape, key for key, and never a null."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from socle.standards.psc.claims import (
    ACTIVITY_KEYS,
    Activity,
    Exercise,
    Professional,
    identity_claims,
    subject_of,
    userinfo_claims,
)

STORAGE = "6b1f0b2e-0000-4a7e-9b51-000000000001"
SUBJECT = subject_of(STORAGE, "899700099991")
SCOPES = ("openid", "scope_all")
PRACTICE = Activity(
    mode="L",
    sector="SA07",
    activity_kind="GENR01",
    structure_id="R10000000099991",
    structure_name="CABINET TEST DU PARC",
    street_type="R",
    street_number="4",
    street_name="DES TILLEULS",
    postal_code="35000",
    commune="35238",
    department="35",
)
DOCTOR = Professional(
    "899700099991",
    "EXEMPLE0009999",
    "Anne",
    "MME",
    (Exercise("10", "C", "DR", "EXEMPLE0009999", "Anne", "S", "SM54", (PRACTICE,)),),
)
# The keys of an activity in the captured answers and the ANS models, in their order.
PUBLISHED = """
codeModeExercice codeSecteurDactivite codeSectionPharmacien codeRole codeGenreActivite numeroSiretSite numeroSirenSite
numeroFinessSite numeroFinessetablissementJuridique identifiantTechniqueDeLaStructure raisonSocialeSite
enseigneCommercialeSite complementDestinataire complementPointGeographique numeroVoie indiceRepetitionVoie
codeTypeDeVoie libelleVoie mentionDistribution bureauCedex codePostal codeCommune codePays telephone telephone2
telecopie adresseEMail codeDepartement ancienIdentifiantDeLaStructure autoriteDenregistrement
""".split()
WORDS = st.text(max_size=5)
ACTIVITIES = st.builds(Activity, **dict.fromkeys(ACTIVITY_KEYS, WORDS))
EXERCISES = st.builds(Exercise, *([WORDS] * 7), st.lists(ACTIVITIES, max_size=3).map(tuple))
PERSONS = st.builds(Professional, *([WORDS] * 4), st.lists(EXERCISES, max_size=3).map(tuple))


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        for inside in value.values() if isinstance(value, dict) else value:
            yield from leaves(inside)
    else:
        yield value


def test_the_published_example() -> None:
    activity = dict.fromkeys(PUBLISHED, "") | {
        "codeModeExercice": "L",
        "codeSecteurDactivite": "SA07",
        "codeGenreActivite": "GENR01",
        "identifiantTechniqueDeLaStructure": "R10000000099991",
        "raisonSocialeSite": "CABINET TEST DU PARC",
        "codeTypeDeVoie": "R",
        "numeroVoie": "4",
        "libelleVoie": "DES TILLEULS",
        "codePostal": "35000",
        "codeCommune": "35238",
        "codeDepartement": "35",
    }
    assert userinfo_claims(DOCTOR, subject=SUBJECT, scopes=SCOPES) == {
        "sub": "f:6b1f0b2e-0000-4a7e-9b51-000000000001:899700099991",
        "email_verified": False,
        "preferred_username": "899700099991",
        "given_name": "Anne",
        "family_name": "EXEMPLE0009999",
        "SubjectNameID": "899700099991",
        "SubjectRole": ["10^1.2.250.1.213.1.1.5.5"],
        "SubjectOrganization": "CABINET TEST DU PARC",
        "SubjectOrganizationID": "R10000000099991",
        "Secteur_Activite": "SA07^1.2.250.1.71.4.2.4",
        "PSI_Locale": "1.2.250.1.213.1.3.1.1",
        "Mode_Acces_Raison": "",
        "Acces_Regulation_Medicale": "FAUX",
        "UITVersion": "1.0",
        "Palier_Authentification": "APPPRIP3^1.2.250.1.213.1.5.1.1.1",
        "otherIds": [{"identifiant": "899700099991", "origine": "RPPS", "qualite": 1}],
        "SubjectRefPro": {
            "codeCivilite": "MME",
            "exercices": [
                {
                    "codeProfession": "10",
                    "codeCategorieProfessionnelle": "C",
                    "codeCiviliteDexercice": "DR",
                    "nomDexercice": "EXEMPLE0009999",
                    "prenomDexercice": "Anne",
                    "codeTypeSavoirFaire": "S",
                    "codeSavoirFaire": "SM54",
                    "activities": [activity],
                }
            ],
        },
    }


def test_each_activity_has_the_published_keys_in_their_order() -> None:
    assert list(ACTIVITY_KEYS.values()) == PUBLISHED
    assert list(ACTIVITY_KEYS) == [field.name for field in fields(Activity)]


@given(PERSONS)
def test_nothing_is_null_and_every_activity_is_told(person: Professional) -> None:
    claims = userinfo_claims(person, subject=SUBJECT, scopes=SCOPES)
    assert all(isinstance(leaf, str | bool | int) for leaf in leaves(claims))
    told = [one for exercise in claims["SubjectRefPro"]["exercices"] for one in exercise["activities"]]
    assert [list(one.values()) for one in told] == [
        [getattr(activity, name) for name in ACTIVITY_KEYS] for activity in person.activities
    ]
    assert len(set(claims["SubjectRole"])) == len(claims["SubjectRole"])


def test_who_asks_for_openid_only_learns_who_it_is() -> None:
    told = userinfo_claims(DOCTOR, subject=SUBJECT, scopes=("openid",))
    assert told == {"sub": SUBJECT, **identity_claims(DOCTOR)}
    assert "SubjectRefPro" not in told


def test_several_exercises_give_each_profession_once() -> None:
    hospital = replace(PRACTICE, structure_id="", structure_name="", sector="")
    first = replace(DOCTOR.exercises[0], skill="", skill_type="", activities=(hospital,))
    person = replace(DOCTOR, exercises=(first, *DOCTOR.exercises, replace(first, profession="60")))
    claims = userinfo_claims(person, subject=SUBJECT, scopes=SCOPES)
    assert claims["SubjectRole"] == ["10^1.2.250.1.213.1.1.5.5", "60^1.2.250.1.213.1.1.5.5"]
    assert claims["SubjectOrganization"] == "CABINET TEST DU PARC"


def test_a_registered_role_gives_that_role_and_no_profession() -> None:
    role = Activity(mode="S", role="318", finess="690900006", structure_name="EHPAD DES FABLES")
    helper = Professional(
        "889990000001",
        "MODÈLE",
        "CAMILLE",
        "MME",
        (Exercise("", "", "", "MODÈLE", "CAMILLE", "", "", (role,)),),
    )
    claims = userinfo_claims(helper, subject=SUBJECT, scopes=SCOPES)
    assert claims["SubjectRole"] == ["318^1.2.250.1.213.1.6.1.107"]
    (exercise,) = claims["SubjectRefPro"]["exercices"]
    assert (exercise["codeProfession"], len(exercise["activities"])) == ("", 1)
    assert claims["Secteur_Activite"] == ""


def test_a_number_names_where_it_comes_from() -> None:
    for number, origin in (
        ("0691234562", "ADELI"),
        ("3690000001/7", "FINESS"),
        ("ANS20240101", "EDIT"),
        ("", "EDIT"),
    ):
        claims = userinfo_claims(replace(DOCTOR, national_id=number), subject=SUBJECT, scopes=SCOPES)
        assert claims["otherIds"] == [{"identifiant": number, "origine": origin, "qualite": 1}]
