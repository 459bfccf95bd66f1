"""Asks for pictures as Python programs do, with `requests`, in the dialect that it is told.

    python3 dialects.py <dialect>

URL, KEY and PICTURE (a file) come from the environment. What it got is printed as JSON: the URLs of pictures, what was
in the answers themselves (base64), and what was told on the way.
"""

import json
import os
import sys
import time

import requests

URL = os.environ["URL"]
KEY = os.environ["KEY"]
PICTURE = os.environ["PICTURE"]
MODEL = "black-forest-labs/flux-2-flex"
SMALL = {"size": "64x64", "steps": 4, "seed": 1}
BEARER = {"Authorization": f"Bearer {KEY}"}


def ask(path, headers, body):
    response = requests.post(URL + path, headers=headers, json=body, timeout=30)
    response.raise_for_status()
    return response.json()


def look(url, headers):
    response = requests.get(url, headers=headers, timeout=30)
    response.raise_for_status()
    return response.json()


def poll(url, headers, is_over):
    """The first answer that is the last one."""
    while not is_over(answer := look(url, headers)):
        time.sleep(0.05)
    return answer


def events(response):
    """The data of a stream of server-sent events, as it comes."""
    response.raise_for_status()
    for line in response.iter_lines(decode_unicode=True):
        if line.startswith("data: "):
            yield line.removeprefix("data: ")


def openai():
    path = "/v1/images/generations"
    body = {"model": MODEL, "prompt": "python: openai", **SMALL}
    linked = ask(path, BEARER, body)["data"][0]["url"]
    inline = ask(path, BEARER, {**body, "response_format": "b64_json"})["data"][0]["b64_json"]
    with open(PICTURE, "rb") as one, open(PICTURE, "rb") as two:
        edited = requests.post(
            URL + "/v1/images/edits",
            headers=BEARER,
            data={**body, "response_format": "url"},
            files=[("image[]", one), ("image[]", two)],
            timeout=30,
        ).json()["data"][0]["url"]
    streamed = requests.post(URL + path, headers=BEARER, json={**body, "stream": True}, stream=True, timeout=30)
    types = [json.loads(data)["type"] for data in events(streamed)]
    return {"urls": [linked], "edits": [edited], "inline": [inline], "told": types}


def bfl():
    headers = {"x-key": KEY}
    body = {"prompt": "python: bfl", "width": 64, "height": 64, "steps": 4, "output_format": "png"}
    submitted = ask("/v1/flux-2-flex", headers, body)
    result = poll(submitted["polling_url"], headers, lambda answer: answer["status"] != "Pending")
    return {"urls": [result["result"]["sample"]], "told": [result["status"]]}


def hinow():
    small = {"width": "64", "height": "64", "num_inference_steps": "25", "seed": "1"}
    answer = ask("/v1/images", BEARER, {"model": MODEL, "prompt": "python: hinow", "parameters": small})
    balance = look(URL + "/v1/balance", BEARER)
    return {"urls": answer["data"]["urls"], "told": [answer["success"], isinstance(balance, dict)]}


def chat():
    body = {
        "model": MODEL,
        "messages": [{"role": "user", "content": "python: chat"}],
        "modalities": ["image", "text"],
        "image_config": {"width": 64, "height": 64, "steps": 4},
        "stream": True,
    }
    response = requests.post(URL + "/v1/chat/completions", headers=BEARER, json=body, stream=True, timeout=30)
    *chunks, last = events(response)
    deltas = [json.loads(chunk)["choices"][0]["delta"] for chunk in chunks]
    inline = [image["image_url"]["url"] for delta in deltas for image in delta.get("images", [])]
    return {"urls": [], "inline": inline, "told": [last]}


def oxen():
    small = {"aspect_ratio": "1:1", "resolution": "0.5 MP", "num_inference_steps": 4, "output_format": "png"}
    body = {"model": "flux-2-flex", "prompt": "python: oxen", **small}
    generated = ask("/api/ai/images/generate", BEARER, body)["images"][0]["url"]
    edited = ask("/api/ai/images/edit", BEARER, {**body, "input_image": [generated]})["images"][0]["url"]
    queue = f"{URL}/api/ai/queue"
    enqueued = ask("/api/ai/queue", BEARER, body)["generations"][0]["generation_id"]
    ended = poll(f"{queue}/{enqueued}", BEARER, lambda answer: answer["status"] not in ("queued", "processing"))
    slow = ask("/api/ai/queue", BEARER, {**body, "prompt": "python: oxen sandbox:slow"})["generations"][0]
    cancelled = requests.delete(f"{queue}/{slow['generation_id']}", headers=BEARER, timeout=30).json()
    told = [ended["status"], cancelled["status"]]
    return {"urls": [generated, ended["result_url"]], "edits": [edited], "told": told}


def onemin():
    headers = {"API-KEY": KEY}
    with open(PICTURE, "rb") as picture:
        asset = requests.post(URL + "/api/assets", headers=headers, files={"asset": picture}, timeout=30).json()
    path = asset["fileContent"]["path"]
    prompt = {"imageUrl": path, "prompt": "python: 1min", "steps": 6, "aspect_ratio": "1:1"}
    body = {"type": "IMAGE_EDITOR", "model": MODEL, "promptObject": prompt}
    record = ask("/api/features", headers, body)["aiRecord"]
    return {"urls": [], "edits": [record["temporaryUrl"]], "told": [record["type"], record["status"]]}


def replicate():
    headers = {"Authorization": f"Token {KEY}"}
    base = f"/replicate/v1/models/{MODEL}/predictions"
    size = {"aspect_ratio": "custom", "width": 256, "height": 256, "steps": 4, "output_format": "png"}
    with open(PICTURE, "rb") as picture:
        files = {"content": ("picture.png", picture, "image/png")}
        file = requests.post(URL + "/replicate/v1/files", headers=headers, files=files, timeout=30).json()
    edit = {"prompt": "python: replicate", "input_images": [file["urls"]["get"]], **size}
    edited = ask(base, {**headers, "Prefer": "wait"}, {"input": edit})
    created = ask(base, headers, {"input": {"prompt": "python: replicate", **size}})
    ended = poll(created["urls"]["get"], headers, lambda answer: answer["status"] not in ("starting", "processing"))
    slow = ask(base, headers, {"input": {"prompt": "python: replicate sandbox:slow", **size}})
    cancelled = requests.post(slow["urls"]["cancel"], headers=headers, timeout=30).json()
    told = [edited["status"], ended["status"], cancelled["status"]]
    return {"urls": [ended["output"]], "edits": [edited["output"]], "told": told}


def fal():
    headers = {"Authorization": f"Key {KEY}"}
    body = {"prompt": "python: fal", "image_size": {"width": 64, "height": 64}, "output_format": "png"}
    run = ask("/fal/run/fal-ai/flux-2-flex", headers, body)
    submitted = ask("/fal/fal-ai/flux-2-flex", headers, body)
    stream = requests.get(submitted["status_url"] + "/stream", headers=headers, stream=True, timeout=30)
    statuses = [json.loads(data)["status"] for data in events(stream)]
    result = look(submitted["response_url"], headers)
    slow = ask("/fal/fal-ai/flux-2-flex", headers, {**body, "prompt": "python: fal sandbox:slow"})
    cancelled = requests.put(slow["cancel_url"], headers=headers, timeout=30).json()
    urls = [run["images"][0]["url"], result["images"][0]["url"]]
    return {"urls": urls, "told": [statuses[-1], cancelled["status"]]}


print(json.dumps({"edits": [], "inline": [], **globals()[sys.argv[1]]()}))
