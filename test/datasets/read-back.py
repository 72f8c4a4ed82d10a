"""Reads a data set with the packages that its users use, and prints what they see as JSON."""

import glob
import json
import os
import sys


def webdataset(folder):
    import webdataset as wds

    shards = sorted(glob.glob(os.path.join(folder, "*.tar")))
    samples = wds.WebDataset(shards, shardshuffle=False).decode("pil")
    for sample in samples:
        image = next(value for value in sample.values() if hasattr(value, "size"))
        caption = sample.get("txt")
        yield [sample["__key__"], list(image.size), caption, sample["json"]["url"]]


def pyarrow(folder):
    import pyarrow.parquet as pq

    for path in sorted(glob.glob(os.path.join(folder, "*.parquet"))):
        for row in pq.read_table(path).to_pylist():
            yield [row["key"], row["caption"], row["status"], row["row"], row["score"]]


def datasets(folder):
    from datasets import load_dataset

    cache = os.path.join(folder, ".cache")
    for row in load_dataset("imagefolder", data_dir=folder, split="train", cache_dir=cache):
        yield [row["key"], list(row["image"].size), row["text"], row["url"]]


def warcio(folder):
    from warcio.archiveiterator import ArchiveIterator

    for path in sorted(glob.glob(os.path.join(folder, "*.warc.gz"))):
        with open(path, "rb") as stream:
            for record in ArchiveIterator(stream, check_digests="raise"):
                length = len(record.content_stream().read())
                yield [record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), length]


def mlcroissant(folder):
    import mlcroissant as mlc

    dataset = mlc.Dataset(jsonld=os.path.join(folder, "croissant.json"))
    for record in dataset.records("rows"):
        yield [plain(record["rows/key"]), plain(record["rows/url"])]


def plain(value):
    return value.decode() if isinstance(value, bytes) else value


READERS = {read.__name__: read for read in [webdataset, pyarrow, datasets, warcio, mlcroissant]}

if __name__ == "__main__":
    name, folder = sys.argv[1:]
    print(json.dumps(list(READERS[name](folder))))
