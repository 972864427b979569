"""What a registration refuses, with what would pass."""

from socle.kernel.errors import kind

_PERSON = "ANS, portail RPPS+: traits of a person with a role"
_CONTRACT = "a role is bound to the contract with the structure that registers it"
NAME_UNREADABLE = kind(
    "registration-name",
    400,
    fr="« {received} » n’est pas lisible ici : des lettres, avec tirets, apostrophes et espaces, "
    "80 caractères au plus.",
    en="“{received}” cannot be read here: letters, with hyphens, apostrophes and spaces, 80 characters at most.",
    rule=_PERSON,
)
SEX_UNKNOWN = kind(
    "registration-sex",
    400,
    fr="« {received} » n’est pas un sexe d’état civil ; choisissez F ou M.",
    en="“{received}” is not a sex of the civil status; choose F or M.",
    rule=_PERSON,
)
BIRTH_IMPOSSIBLE = kind(
    "registration-birth",
    400,
    fr="Le {received} ne peut pas être le jour de votre naissance : on s’enregistre entre {youngest} et {oldest} ans.",
    en="{received} cannot be the day of your birth: one registers between {youngest} and {oldest} years of age.",
    rule=_PERSON,
)
PHONE_UNREADABLE = kind(
    "registration-phone",
    400,
    fr="« {received} » n’est pas un numéro de téléphone : 6 à 15 chiffres, avec ou sans +.",
    en="“{received}” is not a telephone number: 6 to 15 digits, with or without +.",
    rule="ITU-T E.164",
)
ROLE_UNKNOWN = kind(
    "registration-role",
    400,
    fr="« {received} » n’est pas un rôle que l’on enregistre ; choisissez-en un de la liste.",
    en="“{received}” is not a role that can be registered; choose one of the list.",
    rule="TRE_R85-RolePriseCharge",
)
STRUCTURE_UNKNOWN = kind(
    "registration-structure-unknown",
    404,
    fr="L’annuaire ne connaît pas de structure « {received} ». Cherchez-la par son nom ou son numéro FINESS.",
    en="The directory knows no structure “{received}”. Search it by its name or its FINESS number.",
    rule="the structure is one of the directory",
    fhir="not-found",
)
STRUCTURE_CLOSED = kind(
    "registration-structure-closed",
    409,
    fr="« {name} » est fermée : plus personne ne peut s’y enregistrer. Choisissez la structure qui vous emploie.",
    en="“{name}” is closed: nobody can register there any more. Choose the structure that employs you.",
    rule="the structure is one of the directory, in activity",
    fhir="business-rule",
)
CONTRACT_BACKWARDS = kind(
    "registration-contract-backwards",
    400,
    fr="Le contrat finirait le {ends}, avant son début, le {starts}. Corrigez l’une des deux dates.",
    en="The contract would end on {ends}, before it starts, on {starts}. Mend one of the two dates.",
    rule=_CONTRACT,
)
CONTRACT_END_ASKED = kind(
    "registration-contract-end",
    400,
    fr="Ce contrat a une fin : donnez son dernier jour.",
    en="This contract has an end: give its last day.",
    rule=_CONTRACT,
)
CONTRACT_OVER = kind(
    "registration-contract-over",
    409,
    fr="Le contrat a pris fin le {received}, avant aujourd’hui ({today}). "
    "On n’enregistre qu’un contrat en cours ou à venir.",
    en="The contract ended on {received}, before today ({today}). Only a contract that runs or will run is registered.",
    rule=_CONTRACT,
    fhir="business-rule",
)
CONTRACT_FAR = kind(
    "registration-contract-start",
    400,
    fr="Le contrat commencerait le {received} ; donnez un jour entre le {earliest} et le {latest}.",
    en="The contract would start on {received}; give a day between {earliest} and {latest}.",
    rule=_CONTRACT,
)
LINK_UNKNOWN = kind(
    "registration-link",
    404,
    fr="Ce lien de suivi n’ouvre rien : il est incomplet, ou ce qu’il montrait a été effacé.",
    en="This link opens nothing: it is not whole, or what it showed was erased.",
    rule="the same answer whether the registration exists",
    fhir="not-found",
)
REGISTRATION_UNKNOWN = kind(
    "registration-unknown",
    404,
    fr="Votre structure n’a pas d’enregistrement « {id} ».",
    en="Your structure has no registration “{id}”.",
    rule="the same answer whether the registration exists elsewhere",
    fhir="not-found",
)
CODE_REFUSED = kind(
    "registration-code",
    403,
    fr="Ce code n’est pas le bon, ou il a déjà servi. Recopiez le dernier reçu, ou demandez-en un autre.",
    en="This code is not right, or was used already. Copy the last one received, or ask for another.",
    rule="a code is used once; the last one counts",
    fhir="login",
)
CODE_EXPIRED = kind(
    "registration-code-expired",
    410,
    fr="Ce code ne sert plus : il valait {hours} heures. Demandez-en un autre.",
    en="This code no longer works: it was good for {hours} hours. Ask for another.",
    rule="SOCLE_DIRECTORY_REGISTRATION_CODE_HOURS",
    fhir="expired",
)
MOVED = kind(
    "registration-moved",
    409,
    fr="Cela ne se fait plus : cet enregistrement est à l’état « {state} ». Rechargez la page.",
    en="This can no longer be done: the registration is in the state “{state}”. Load the page again.",
    rule="states of a registration, docs/directory.md",
    fhir="conflict",
)
DUPLICATE = kind(
    "registration-duplicate",
    409,
    fr="Une autre demande de la même personne, pour cette structure, est déjà en cours ou publiée. "
    "Terminez la première, ou retirez-la.",
    en="Another registration of the same person, for this structure, is under way or published. "
    "End the first one, or withdraw it.",
    rule="one registration a person and structure at a time",
    fhir="duplicate",
)
OWN_REGISTRATION = kind(
    "registration-own",
    409,
    fr="Cet enregistrement est le vôtre, ou celui de quelqu’un qui porte votre nom : un autre gestionnaire "
    "d’annuaire de la structure doit s’en occuper. S’il n’y en a pas, votre gestionnaire des accès, ou l’exploitant, "
    "peut en inviter un.",
    en="This registration is yours, or that of somebody who bears your name: another directory manager of the "
    "structure must deal with it. If there is none, your access manager, or the operator, may invite one.",
    rule="nobody validates themselves",
    fhir="business-rule",
)
OTHER_PERSON = kind(
    "registration-other-person",
    409,
    fr="Le numéro {received} n’est pas celui d’une personne en activité qui porte ce nom dans l’annuaire, "
    "ou il est celui de quelqu’un qui s’est enregistré ici avec une autre naissance.",
    en="The number {received} is not that of a person in activity who bears this name in the directory, "
    "or it is that of somebody who registered here with another birth.",
    rule="an RPPS number is one person’s, for life",
    fhir="business-rule",
)
EVIDENCE_UNKNOWN = kind(
    "registration-evidence",
    400,
    fr="« {received} » n’est pas une preuve d’identité admise ; choisissez-en une de la liste.",
    en="“{received}” is no evidence of identity that is accepted; choose one of the list.",
    rule="référentiel d’identification électronique",
)
REASON_ASKED = kind(
    "registration-reason",
    400,
    fr="Dites pourquoi, en quelques mots : la personne le lira.",
    en="Say why, in a few words: the person will read it.",
    rule="who is refused knows why",
)
FROM_HERE = kind(
    "registration-too-many",
    429,
    fr="Trop de demandes viennent, en peu de temps, du réseau que vous utilisez. Ce que vous avez écrit n’est pas perdu"
    " : attendez {seconds} secondes, puis envoyez-le de nouveau.",
    en="Too many requests come, in a short time, from the network that you use. What you wrote is not lost: wait "
    "{seconds} seconds, then send it again.",
    rule="SOCLE_DIRECTORY_REGISTRATION_MACHINE_FACTOR; OWASP ASVS 5.0, 2.4.1",
    fhir="throttled",
)
NUMBERS_USED_UP = kind(
    "registration-numbers",
    409,
    fr="La série de numéros {prefix} est épuisée. "
    "L’exploitant en choisit une autre : SOCLE_DIRECTORY_REGISTRATION_RANGE.",
    en="The range of numbers {prefix} is used up. The operator chooses another: SOCLE_DIRECTORY_REGISTRATION_RANGE.",
    rule="SOCLE_DIRECTORY_REGISTRATION_RANGE",
    fhir="business-rule",
)
RESTRICTED = kind(
    "registration-restricted",
    409,
    fr="La personne a fait geler ses données : cet enregistrement reste tel qu’il est jusqu’à la levée du gel.",
    en="The person had their data restricted: this registration is kept as it is until the restriction is lifted.",
    rule="GDPR art. 18",
    fhir="business-rule",
)
