"""Comments and tracked changes stay in what is sent, but nothing in it says who wrote them."""

from __future__ import annotations

import io
import zipfile

import pytest

from kvalitetslosen.files.office import without_writer
from kvalitetslosen.files.writers import without_names
from tests.documents.office_files import docx, paragraph

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CHANGED = (
    '<w:p><w:ins w:id="1" w:author="Nora Nygård" w:date="2026-01-02T10:00:00Z"><w:r><w:t>Nytt</w:t></w:r></w:ins>'
    "<w:del w:id='2' w:author='Nora Nygård'><w:r><w:delText>Gammelt</w:delText></w:r></w:del>"
    '<w:r><w:t xml:space="preserve">skrevet som w:author="slik" i teksten</w:t></w:r></w:p>'
)


def parts(data: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_a_word_file_keeps_its_comments_and_changes_but_no_name() -> None:
    comments = (
        f'<w:comments {W}><w:comment w:id="0" w:author="Nora Nygård" w:initials="NN">'
        f"{paragraph('Dette stemmer ikke.')}</w:comment></w:comments>"
    )
    people = (
        '<w15:people xmlns:w15="u"><w15:person w15:author="Nora Nygård"><w15:presenceInfo w15:providerId="AD" '
        'w15:userId="S::nora@fjelldal.example::1"/></w15:person></w15:people>'
    )
    template = (
        '<Relationships><Relationship Id="rId1" Type="t/attachedTemplate" '
        'Target="file:///C:\\Users\\nora.nygard\\Maler\\notat.dotm" TargetMode="External"/></Relationships>'
    )
    extra = {
        "word/comments.xml": comments.encode(),
        "word/people.xml": people.encode(),
        "word/_rels/settings.xml.rels": template.encode(),
    }
    kept = parts(without_writer(docx(CHANGED, extra=extra)))
    whole = "".join(kept.values())
    assert not [trace for trace in ("Nora", "nora", '"NN"') if trace in whole]
    for stays in ("Nytt", "Gammelt", "Dette stemmer ikke.", 'skrevet som w:author="slik" i teksten'):
        assert stays in whole
    assert 'w:author="Author"' in kept["word/document.xml"]


def workbook() -> bytes:
    result = io.BytesIO()
    with zipfile.ZipFile(result, "w") as archive:
        for name, content in {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": '<workbook><fileSharing userName="Nora Nygård"/>'
            '<x15ac:absPath xmlns:x15ac="u" url="C:\\Users\\nora\\Documents\\"/><sheets/></workbook>',
            "xl/comments1.xml": "<comments><authors><author>Nora Nygård</author></authors><commentList>"
            '<comment ref="A1" authorId="0"><text><r><t>Nora Nygård:</t></r><r><t>Feil tall.</t></r></text></comment>'
            "</commentList></comments>",
            "xl/persons/person.xml": '<personList><person displayName="Nora Nygård" id="{1}" userId="nora@f.example" '
            'providerId="AD"/></personList>',
        }.items():
            archive.writestr(name, content)
    return result.getvalue()


def test_a_spreadsheet_keeps_its_comments_but_no_name_and_no_folder() -> None:
    whole = "".join(parts(without_writer(workbook())).values())
    assert "Feil tall." in whole
    assert "<author>Author</author>" in whole
    assert not [trace for trace in ("Nora", "nora") if trace in whole]


def test_an_open_document_keeps_its_comments_but_no_name() -> None:
    content = (
        "<office:annotation><dc:creator>Nora Nygård</dc:creator><dc:date>2026-01-02</dc:date>"
        "<meta:creator-initials>NN</meta:creator-initials><text:p>Stemmer ikke.</text:p></office:annotation>"
        "<office:change-info><dc:creator >Nora Nygård</dc:creator ></office:change-info>"
        "<text:author-name text:fixed='true'>Nora Nygård</text:author-name><dc:creator/><text:p>Teksten</text:p>"
    )
    kept = without_names("content.xml", content.encode()).decode()
    assert not [trace for trace in ("Nora", ">NN<") if trace in kept]
    assert all(stays in kept for stays in ("Stemmer ikke.", "2026-01-02", "<dc:creator/><text:p>Teksten</text:p>"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_whatever_the_prefix_and_the_encoding(encoding: str) -> None:
    text = "<?xml version='1.0'?><a:p><a:ins  a:author = 'Nora Nygård'>æ</a:ins></a:p>"
    kept = without_names("word/document.xml", text.encode(encoding)).decode(encoding)
    assert kept == "<?xml version='1.0'?><a:p><a:ins  a:author = \"Author\">æ</a:ins></a:p>"


def test_pictures_and_other_parts_are_left_alone() -> None:
    for name in ("word/media/image1.png", "xl/media/author.bin", "Pictures/1.jpg"):
        assert without_names(name, b'\xff\xd8<a author="x">') == b'\xff\xd8<a author="x">'
