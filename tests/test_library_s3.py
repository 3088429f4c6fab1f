"""The same library on s3://, against a real server on loopback."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import boto3
import pytest
from moto.server import ThreadedMotoServer

from summarizer.errors import LibraryError
from summarizer.library import Added, Library
from summarizer.terms import query_terms
from tests.libraries import HashedEncoder, page, pages

ROOT = Path(__file__).resolve().parent.parent
ENCODER = HashedEncoder()


@pytest.fixture
def bucket(monkeypatch, request):
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT": f"http://{host}:{port}",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "invented",
        "AWS_SECRET_ACCESS_KEY": "invented",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=f"http://{host}:{port}", region_name="us-east-1")
    client.create_bucket(Bucket="papers")
    yield f"s3://papers/{request.node.name}"  # the server forgets nothing between tests
    client.close()
    server.stop()


def test_a_library_in_a_bucket(bucket: str) -> None:
    uri = f"{bucket}/lib"
    with pytest.raises(LibraryError, match="expected a library, found nothing"):
        Library.open(uri)
    library = Library.create(uri, ENCODER)
    assert library.add(pages(4), ENCODER).documents == 12
    assert library.add(pages(4), ENCODER) == Added(known=12)
    again = Library.open(uri, ENCODER)
    story = page(2)[1]
    assert again.document(story.id) == story
    assert again.lexical(query_terms(story.text[:20]))[0].passage.article == story.id
    assert again.dense(ENCODER.questions([story.text])[0])[0].passage.article == story.id
    assert again.remove([page(0)[0].page]) == 3
    other = HashedEncoder("other", dimensions=16)
    assert again.reindex(other).documents == 9
    assert Library.open(uri, other).count()[0] == 9


def test_two_writers_at_once_add_each_page_once(bucket: str) -> None:
    uri = f"{bucket}/lib"
    words = [sys.executable, "-m", "tests.libraries", "add", uri]
    spans = [("0", "8"), ("4", "8")]
    running = [
        subprocess.Popen([*words, *span, "6000"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for span in spans
    ]
    told = [one.communicate() for one in running]
    assert [one.returncode for one in running] == [0, 0], b"".join(err for _, err in told).decode()
    entries = [entry.id for entry in Library.open(uri).documents()]
    assert sorted(entries) == sorted(one.id for group in pages(12) for one in group)
    library = Library.open(uri)
    assert [library.document(one.id) for one in page(5)] == page(5)
    assert library.count()[1] == sum(len(library.passages(one)) for one in entries)
