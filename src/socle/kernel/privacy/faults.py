"""What the acts on privacy refuse."""

from socle.kernel.errors import kind

REQUEST_UNKNOWN = kind(
    "privacy-request-unknown",
    404,
    fr="Aucune demande ne porte le numéro « {id} ».",
    en="No request has the number “{id}”.",
    rule="socle privacy requests",
    fhir="not-found",
)
REQUEST_CLOSED = kind(
    "privacy-request-closed",
    409,
    fr="La demande « {id} » est close depuis le {closed} ({state}) ; une nouvelle demande ouvre un nouveau délai.",
    en="The request “{id}” was closed on {closed} ({state}); a new request opens a new delay.",
    rule="GDPR art. 12(3)",
    fhir="business-rule",
)
EXTENDED_ALREADY = kind(
    "privacy-request-extended",
    409,
    fr="Le délai de la demande « {id} » a déjà été prolongé, jusqu’au {due} ; il ne peut l’être qu’une fois.",
    en="The delay of the request “{id}” was already extended, to {due}; it may be once only.",
    rule="GDPR art. 12(3)",
    fhir="business-rule",
)
EXTENDED_TOO_LATE = kind(
    "privacy-extension-too-late",
    409,
    fr="Le délai de la demande « {id} » a pris fin le {due} ; le prolonger se décide et se dit avant son terme.",
    en="The delay of the request “{id}” ended on {due}; extending it is decided and told before its end.",
    rule="GDPR art. 12(3)",
    fhir="business-rule",
)
RECEIVED_IN_FUTURE = kind(
    "privacy-received-in-future",
    400,
    fr="La demande serait reçue le {received}, après aujourd’hui ({today}). Donnez le jour de sa réception.",
    en="The request would be received on {received}, after today ({today}). Give the day on which it was received.",
    rule="regulation (EEC, Euratom) 1182/71, art. 3",
)
ERASURE_PENDING = kind(
    "privacy-erasure-pending",
    409,
    fr="L’effacement décidé pour la demande « {id} » n’a pas encore eu lieu : annulez-le d’abord, ou laissez-le clore "
    "la demande.",
    en="The erasure decided for the request “{id}” has not taken place yet: call it off first, or let it close the "
    "request.",
    rule="GDPR art. 17",
    fhir="business-rule",
)
NOT_REOPENED = kind(
    "privacy-not-reopened",
    409,
    fr="La demande « {id} » ne se rouvre pas : elle n’a pas été close aujourd’hui, ou la personne l’a retirée, ou ses "
    "données sont effacées. Une nouvelle demande ouvre un nouveau délai.",
    en="The request “{id}” cannot be reopened: it was not closed today, or the person withdrew it, or their data are "
    "erased. A new request opens a new delay.",
    rule="GDPR art. 12(3)",
    fhir="business-rule",
)
NOTHING_HELD = kind(
    "privacy-nothing-held",
    404,
    fr="Aucune donnée n’est conservée ici sous « {received} ». Essayez une autre adresse ou un autre "
    "numéro ; laissez vide si aucune donnée n’est conservée sur cette personne.",
    en="Nothing is held here under “{received}”. Try another address or number; leave it empty when nothing is held of "
    "this person.",
    rule="GDPR art. 12(2)",
    fhir="not-found",
)
PERSON_NEEDED = kind(
    "privacy-person-needed",
    409,
    fr="L’identité n’est pas vérifiée, ou aucune donnée n’est conservée sur cette personne : il n’y a "
    "rien à remettre, à limiter ou à effacer.",
    en="The identity is not verified, or nothing is held of this person: there is nothing to hand over, restrict or "
    "erase.",
    rule="GDPR art. 12(6)",
    fhir="business-rule",
)
IDENTIFIED_ALREADY = kind(
    "privacy-identified-already",
    409,
    fr="L’identité de la demande « {id} » est déjà vérifiée. Pour la corriger, annulez d’abord cette vérification ; "
    "celle d’une demande faite depuis un compte ne change pas.",
    en="The identity of the request “{id}” is verified already. To correct it, undo that first; that of a request made "
    "from an account does not change.",
    rule="GDPR art. 12(6)",
    fhir="business-rule",
)
NOT_UNDONE = kind(
    "privacy-not-undone",
    409,
    fr="La vérification de la demande « {id} » a déjà servi : reprenez d’abord ce qui a été fait avec elle.",
    en="The verification of the request “{id}” has been relied upon: take back first what was done with it.",
    rule="GDPR art. 12(6)",
    fhir="business-rule",
)
GROUND_UNKNOWN = kind(
    "privacy-ground-unknown",
    400,
    fr="« {received} » n’est pas un motif de droit pour refuser cette demande ({right}). Motifs : {known}.",
    en="“{received}” is no ground of the law on which this request ({right}) may be refused. Grounds: {known}.",
    rule="GDPR art. 12(4)",
)
REASONS_NEEDED = kind(
    "privacy-reasons-needed",
    400,
    fr="Dites à la personne pourquoi sa demande est refusée, en mots simples.",
    en="Tell the person in plain words why their request is refused.",
    rule="GDPR art. 12(4)",
)
FILE_THERE = kind(
    "privacy-file-there",
    409,
    fr="« {file} » existe déjà : rien n’y est écrit. Choisissez un autre nom.",
    en="“{file}” exists already: nothing is written there. Choose another name.",
    rule="socle privacy export",
    fhir="conflict",
)
NOT_ASKED = kind(
    "privacy-nothing-asked",
    409,
    fr="Aucune précision ne vous est demandée en ce moment.",
    en="Nothing more is asked of you at the moment.",
    rule="GDPR art. 12(6)",
    fhir="business-rule",
)
FILE_GONE = kind(
    "privacy-file-gone",
    410,
    fr="Ce fichier n’est plus là : il a déjà été remis, ou sa durée est passée. Demandez qu’il soit préparé à nouveau.",
    en="This file is not here any more: it was taken already, or its time has passed. Ask for it to be made again.",
    rule="GDPR art. 15(3)",
    fhir="deleted",
)
ERASURE_ASKED = kind(
    "privacy-erasure-not-asked",
    409,
    fr="Cette demande ({right}) ne demande pas d’effacement ; il se décide sur une demande d’effacement ou "
    "d’opposition.",
    en="This request ({right}) does not ask for erasure; that is decided on a request of erasure or objection.",
    rule="GDPR art. 17(1)",
    fhir="business-rule",
)
NOTHING_ORDERED = kind(
    "privacy-nothing-ordered",
    409,
    fr="Aucun effacement n’attend pour la demande « {id} » : rien n’était décidé, ou c’est déjà fait.",
    en="No erasure waits for the request “{id}”: nothing was decided, or it is done already.",
    rule="GDPR art. 17",
    fhir="business-rule",
)
FOLLOW_UNUSABLE = kind(
    "privacy-link-unusable",
    404,
    fr="Ce lien ne mène à aucune demande. Vérifiez que vous l’avez recopié en entier ; il ne peut pas être redonné.",
    en="This link leads to no request. Check that you copied all of it; it cannot be given again.",
    rule="GDPR art. 12(2)",
    fhir="not-found",
)
