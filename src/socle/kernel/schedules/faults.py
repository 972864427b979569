"""What the schedules refuse."""

from socle.kernel.errors import kind

JOB_UNKNOWN = kind(
    "job-unknown",
    404,
    fr="Aucun travail ne s’appelle « {received} ». Ceux qui existent : {known}.",
    en="No job is called “{received}”. Those that exist: {known}.",
    rule="socle schedule list",
    fhir="not-found",
)
