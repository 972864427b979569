"""Build the compact structural definitions of FHIR R4 from HL7's package of definitions and examples.

    npm pack hl7.fhir.r4.examples@4.0.1
    python tools/build_r4_structure.py hl7.fhir.r4.examples-4.0.1.tgz

The definitions are HL7's, published under CC0-1.0. Kept: resource types, complex types and the elements
inside them with cardinality, types and reference targets, and the regular expressions of primitive types.
Left out: texts, bindings, invariants, profiles. The same package always gives the same bytes.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

OUTPUT = Path(__file__).parent.parent / "src/socle/standards/fhir/structure/r4.json.gz"
REGEX = "http://hl7.org/fhir/StructureDefinition/regex"
FHIR_TYPE = "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type"
# The published snapshots give Resource.id the type string; R4 resource.html#id says id.
CORRECTED = {"Resource.id": "id"}

Definition = dict[str, Any]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("package", type=Path, help="hl7.fhir.r4.examples-4.0.1.tgz")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    arguments = parser.parse_args()
    content = build(arguments.package)
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    checksum = hashlib.sha256(text).hexdigest()
    arguments.output.write_bytes(gzip.compress(text, 9, mtime=0))
    arguments.output.with_name("r4.json.sha256").write_text(f"{checksum}  r4.json\n")
    sys.stdout.write(f"{counts(content)}; {arguments.output.stat().st_size:,} bytes\nsha256 {checksum}\n")
    return 0


def counts(content: dict[str, Any]) -> str:
    elements = sum(map(len, content["types"].values()))
    return (
        f"{len(content['resources'])} resource types, {len(content['types'])} types with "
        f"{elements} elements, {len(content['primitives'])} primitive types"
    )


def build(package: Path) -> dict[str, Any]:
    """The content of the data file; see `socle.standards.fhir.structure.definitions` for its shape."""
    definitions = sorted(base_definitions(package), key=lambda definition: str(definition["id"]))
    structured = [d for d in definitions if d["kind"] in ("resource", "complex-type")]
    return {
        "fhirVersion": "4.0.1",
        "source": {
            "package": "hl7.fhir.r4.examples 4.0.1",
            "licence": "CC0-1.0",
            "sha256": hashlib.sha256(package.read_bytes()).hexdigest(),
        },
        "resources": [d["id"] for d in structured if d["kind"] == "resource" and not d["abstract"]],
        "primitives": {d["id"]: regex(d) for d in definitions if d["kind"] == "primitive-type"},
        "types": {path: group for d in structured for path, group in types_of(d).items()},
    }


def base_definitions(package: Path) -> Iterator[Definition]:
    """Definitions of types, without the profiles that constrain them."""
    with tarfile.open(package) as archive:
        for member in archive:
            if not member.name.startswith("package/StructureDefinition-"):
                continue
            file = archive.extractfile(member)
            if file is None:
                continue
            definition = json.loads(file.read().decode("utf-8-sig"))
            if definition["kind"] != "logical" and definition.get("derivation") != "constraint":
                yield definition


def regex(definition: Definition) -> str:
    """Regular expression of a primitive's value, as published; empty when there is none (xhtml)."""
    value = next(e for e in definition["snapshot"]["element"] if e["path"].endswith(".value"))
    return str(extensions(value["type"][0]).get(REGEX, ""))


def extensions(element: Definition) -> dict[str, str]:
    return {
        extension["url"]: next(value for name, value in extension.items() if name.startswith("value"))
        for extension in element.get("extension", ())
    }


def types_of(definition: Definition) -> dict[str, dict[str, str]]:
    """The type and one more per element that has elements of its own, named by path: `Patient.contact`."""
    elements = definition["snapshot"]["element"]
    parents = {element["path"].rpartition(".")[0] for element in elements}
    types: dict[str, dict[str, str]] = {path: {} for path in sorted(parents - {""})}
    types.setdefault(definition["id"], {})
    for element in elements[1:]:
        parent, _, name = element["path"].rpartition(".")
        used = [element["path"]] if element["path"] in parents else type_uses(element)
        types[parent][name] = f"{element['min']}..{element['max']} {'|'.join(used)}"
    return types


def type_uses(element: Definition) -> list[str]:
    if "contentReference" in element:
        return [element["contentReference"].removeprefix("#")]
    corrected = CORRECTED.get(element.get("base", {}).get("path", ""))
    return [corrected] if corrected else [type_use(used) for used in element["type"]]


def type_use(used: Definition) -> str:
    code = extensions(used).get(FHIR_TYPE, used["code"])
    targets = sorted(target.rpartition("/")[2] for target in used.get("targetProfile", ()))
    if code != "Reference" or not targets or "Resource" in targets:
        return str(code)
    return f"Reference({','.join(targets)})"


if __name__ == "__main__":
    sys.exit(main())
