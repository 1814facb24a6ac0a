#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Stands in for the public upstreams on loopback, from a folder with images.tsv and modules.txt.

upstream.py FOLDER [PORT]   serves until killed; prints URL=… and GOSUMDB=… first

Speaks the distribution protocol and Docker Hub's tag records (/v2/…), the module proxy protocol
(/MODULE/@v/…) and a checksum database with signed heads and proofs (/sumdb/NAME/…), signed by a key
made from a fixed seed: whoever trusts it trusts this file.
"""
import base64, hashlib, http.server, io, json, re, sys, threading, urllib.parse, zipfile

NAME = 'sum.example.org'
TILE = 8


# Ed25519 (RFC 8032, 5.1), signing only.
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    a, b, c, d = (y1 - x1) * (y2 - x2), (y1 + x1) * (y2 + x2), 2 * t1 * t2 * D, 2 * z1 * z2
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(n, point):
    result = (0, 1, 1, 0)
    while n:
        if n & 1:
            result = add(result, point)
        point, n = add(point, point), n >> 1
    return result


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
BASE = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def encode(point):
    x, y, z, _ = point
    inverse = pow(z, P - 2, P)
    x, y = x * inverse % P, y * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, 'little')


class Signer:
    def __init__(self, name, seed):
        self.name = name
        h = hashlib.sha512(seed).digest()
        self.scalar = int.from_bytes(h[:32], 'little') & ~7 & (1 << 254) - 1 | 1 << 254
        self.prefix, self.public = h[32:], encode(multiply(self.scalar, BASE))
        key = b'\x01' + self.public
        self.hash = hashlib.sha256(name.encode() + b'\n' + key).digest()[:4]
        self.verifier = '%s+%s+%s' % (name, self.hash.hex(), base64.b64encode(key).decode())

    def sign(self, text):
        hashed = lambda *parts: int.from_bytes(hashlib.sha512(b''.join(parts)).digest(), 'little') % Q
        r = hashed(self.prefix, text)
        point = encode(multiply(r, BASE))
        s = (r + hashed(point, self.public, text) * self.scalar) % Q
        return point + s.to_bytes(32, 'little')

    def note(self, text):
        signature = base64.b64encode(self.hash + self.sign(text.encode())).decode()
        return '%s\n\u2014 %s %s\n' % (text, self.name, signature)


# The checksum database.
class Log:
    """A transparent log of go.sum lines, as tiles of 2**8 hashes."""

    def __init__(self, signer):
        self.signer, self.records, self.index, self.levels = signer, [], {}, [[]]

    def add(self, module, version, text):
        if (module, version) in self.index:
            return self.index[module, version]
        number = len(self.records)
        self.index[module, version] = number
        self.records.append(text.encode())
        self.levels[0].append(hashlib.sha256(b'\0' + text.encode()).digest())
        level = 0
        while len(self.levels[level]) % 2 == 0:
            pair = b''.join(self.levels[level][-2:])
            level += 1
            if level == len(self.levels):
                self.levels.append([])
            self.levels[level].append(hashlib.sha256(b'\1' + pair).digest())
        return number

    def head(self):
        size, root = len(self.records), None
        for level, hashes in enumerate(self.levels):      # the complete subtrees, smallest first
            if size >> level & 1:
                root = hashes[-1] if root is None else hashlib.sha256(b'\1' + hashes[-1] + root).digest()
        root = root or hashlib.sha256(b'').digest()
        return self.signer.note('go.sum database tree\n%d\n%s\n' % (size, base64.b64encode(root).decode()))

    def tile(self, level, number, width):
        start = number << TILE
        if level == 'data':
            part = self.records[start:start + width]
            return b''.join(r + b'\n' for r in part) if len(part) == width else None
        hashes = self.levels[level * TILE] if level * TILE < len(self.levels) else []
        part = hashes[start:start + width]
        return b''.join(part) if len(part) == width else None


# What is served.
def h1(files):
    lines = ''.join('%s  %s\n' % (hashlib.sha256(files[name]).hexdigest(), name) for name in sorted(files))
    return 'h1:' + base64.b64encode(hashlib.sha256(lines.encode()).digest()).decode()


class Module:
    def __init__(self, path, version, time, files):
        self.path, self.version, self.time = path, version, time
        self.mod = files.get('go.mod') or ('module %s\n' % path).encode()
        self.files = {'%s@%s/%s' % (path, version, name): text for name, text in files.items()}

    def zip(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, 'w', zipfile.ZIP_DEFLATED) as archive:
            for name, text in self.files.items():
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text)
        return buffer.getvalue()

    def sums(self):
        return '%s %s %s\n%s %s/go.mod %s\n' % (self.path, self.version, h1(self.files), self.path, self.version, h1({'go.mod': self.mod}))


class Image:
    """One repository: tags that point to contents, each content an index over platforms."""

    def __init__(self):
        self.tags, self.bodies = {}, {}

    def put(self, tag, pushed, content, platforms):
        manifests = [{'mediaType': 'application/vnd.oci.image.manifest.v1+json', 'size': 1,
                      'digest': 'sha256:' + hashlib.sha256(('%s %s' % (content, p)).encode()).hexdigest(),
                      'platform': dict(zip(('os', 'architecture', 'variant'), p.split('/')))} for p in platforms]
        body = json.dumps({'schemaVersion': 2, 'mediaType': 'application/vnd.oci.image.index.v1+json', 'manifests': manifests}).encode()
        digest = 'sha256:' + hashlib.sha256(body).hexdigest()
        self.bodies[digest] = body
        self.tags[tag] = (digest, pushed, manifests)

    def record(self, tag):
        digest, pushed, manifests = self.tags[tag]
        return {'name': tag, 'digest': digest, 'last_updated': pushed, 'tag_last_pushed': pushed, 'tag_status': 'active', 'full_size': 1,
                'images': [{**m['platform'], 'digest': m['digest'], 'status': 'active', 'last_pushed': pushed} for m in manifests]}


class Upstream(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64         # with five, the sixth connection at once waits for a second

    def __init__(self, port=0, seed=b'upkeepd example'):
        super().__init__(('127.0.0.1', port), Handler)
        self.url = 'http://127.0.0.1:%d' % self.server_address[1]
        self.signer = Signer(NAME, seed)
        self.log = Log(self.signer)
        self.images, self.modules, self.requests = {}, {}, []
        self.gosumdb = '%s %s/sumdb/%s' % (self.signer.verifier, self.url, NAME)

    def image(self, repository):
        return self.images.setdefault(repository, Image())

    def module(self, path, version, time, files):
        self.modules.setdefault(path, {})[version] = Module(path, version, time, {k: v if isinstance(v, bytes) else v.encode() for k, v in files.items()})

    def load(self, folder):
        for line in open(folder + '/images.tsv'):
            if line.strip() and not line.startswith('#'):
                repository, tag, pushed, content, platforms = line.rstrip('\n').split('\t')
                self.image(re.sub(r'^[^/]*\.[^/]*/', '', repository)).put(tag, pushed, content, platforms.split())
        for text in re.split(r'(?m)^== ', open(folder + '/modules.txt').read())[1:]:
            head, _, rest = text.partition('\n')
            path, version, time = head.split()
            parts = re.split(r'(?m)^-- (.*)\n', rest)
            self.module(path, version, time, dict(zip(parts[1::2], parts[2::2])))

    def handle_error(self, request, address):
        pass                                    # a client that goes away is no news


def unescape(text):
    return re.sub('!([a-z])', lambda m: m.group(1).upper(), text)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    disable_nagle_algorithm = True

    def answer(self, status, body, **headers):
        if isinstance(body, (dict, list)):
            body = json.dumps(body).encode()
        body = body.encode() if isinstance(body, str) else body
        tag = '"%s"' % hashlib.sha256(body).hexdigest()[:16]
        if status == 200 and self.headers.get('If-None-Match') == tag:
            status, body = 304, b''
        self.server.requests.append((self.command, self.path, status))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        if status == 200:
            self.send_header('ETag', tag)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        path, query = urllib.parse.unquote(url.path), dict(urllib.parse.parse_qsl(url.query))
        for pattern, serve in ROUTES:
            m = re.fullmatch(pattern, path)
            if m and serve(self, query, *m.groups()):
                return
        self.answer(404, {'message': 'not found: ' + path})

    do_HEAD = do_GET

    # Images
    def ping(self, query):
        self.answer(200, {}, Docker_Distribution_Api_Version='registry/2.0')
        return True

    def tag_list(self, query, repository):
        if repository in self.server.images:
            names, last, n = sorted(self.server.images[repository].tags), query.get('last', ''), int(query.get('n', 1000))
            part = [t for t in names if t > last][:n]
            more = {'Link': '</v2/%s/tags/list?n=%d&last=%s>; rel="next"' % (repository, n, part[-1])} if part and part[-1] != names[-1] else {}
            self.answer(200, {'name': repository, 'tags': part}, Content_Type='application/json', **more)
            return True

    def manifest(self, query, repository, reference):
        image = self.server.images.get(repository)
        digest = image and (image.tags[reference][0] if reference in image.tags else reference)
        if image and digest in image.bodies:
            self.answer(200, image.bodies[digest], Docker_Content_Digest=digest, Content_Type='application/vnd.oci.image.index.v1+json')
            return True

    def tag_records(self, query, repository):
        image = self.server.images.get(repository)
        if image:
            names = sorted(image.tags, key=lambda t: (image.tags[t][1], t), reverse=True)
            size, page = min(int(query.get('page_size', 10)), 100), int(query.get('page', 1))
            at = (page - 1) * size
            more = '%s%s?page=%d&page_size=%d' % (self.server.url, urllib.parse.urlsplit(self.path).path, page + 1, size) if at + size < len(names) else None
            self.answer(200, {'count': len(names), 'next': more, 'previous': None, 'results': [image.record(t) for t in names[at:at + size]]})
            return True

    def tag_record(self, query, repository, tag):
        image = self.server.images.get(repository)
        if image and tag in image.tags:
            self.answer(200, image.record(tag))
            return True

    # Modules
    def versions(self, query, path):
        have = self.server.modules.get(unescape(path))
        if have:
            self.answer(200, ''.join(v + '\n' for v in have))
            return True

    def latest(self, query, path):
        have = self.server.modules.get(unescape(path))
        if have:
            m = list(have.values())[-1]
            self.answer(200, {'Version': m.version, 'Time': m.time})
            return True

    def version(self, query, path, version, ending):
        m = self.server.modules.get(unescape(path), {}).get(unescape(version))
        if m:
            self.answer(200, {'info': lambda: {'Version': m.version, 'Time': m.time}, 'mod': lambda: m.mod, 'zip': m.zip}[ending]())
            return True

    # The checksum database
    def supported(self, query):
        self.answer(200, '')
        return True

    def head(self, query):
        self.answer(200, self.server.log.head())
        return True

    def lookup(self, query, path, version):
        m = self.server.modules.get(unescape(path), {}).get(unescape(version))
        if m:
            number = self.server.log.add(m.path, m.version, m.sums())
            self.answer(200, '%d\n%s\n%s' % (number, m.sums(), self.server.log.head()))
            return True

    def tile(self, query, level, number, width):
        at = 0
        for digits in number.replace('x', '').split('/'):
            at = at * 1000 + int(digits)
        body = self.server.log.tile(level if level == 'data' else int(level), at, int(width) if width else 1 << TILE)
        if body is not None:
            self.answer(200, body)
            return True

    def log_message(self, *a):
        pass


ROUTES = [
    (r'/v2/?', Handler.ping),
    (r'/v2/repositories/(.+)/tags/?', Handler.tag_records),
    (r'/v2/namespaces/([^/]+)/repositories/([^/]+)/tags/?', lambda h, q, a, b: h.tag_records(q, a + '/' + b)),
    (r'/v2/repositories/(.+)/tags/([^/]+)/?', Handler.tag_record),
    (r'/v2/namespaces/([^/]+)/repositories/([^/]+)/tags/([^/]+)/?', lambda h, q, a, b, t: h.tag_record(q, a + '/' + b, t)),
    (r'/v2/(.+)/tags/list', Handler.tag_list),
    (r'/v2/(.+)/manifests/([^/]+)', Handler.manifest),
    (r'(?:/sumdb/[^/]+)?/supported', Handler.supported),
    (r'/sumdb/[^/]+/latest', Handler.head),
    (r'/sumdb/[^/]+/lookup/(.+)@([^@/]+)', Handler.lookup),
    (r'/sumdb/[^/]+/tile/%d/(\d+|data)/((?:x\d+/)*\d+)(?:\.p/(\d+))?' % TILE, Handler.tile),
    (r'/(.+)/@v/list', Handler.versions),
    (r'/(.+)/@latest', Handler.latest),
    (r'/(.+)/@v/([^/]+)\.(info|mod|zip)', Handler.version),
]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    server = Upstream(int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    server.load(sys.argv[1])
    print("URL=%s\nGOSUMDB='%s'" % (server.url, server.gosumdb), flush=True)
    server.serve_forever()


if __name__ == '__main__':
    main()
