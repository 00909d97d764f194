"""The SMTP server of the tests: aiosmtpd, which keeps what it receives and answers as it is told.

    server.py FOLDER none|starttls|tls [USER:PASSWORD]

Says in one line of JSON where it listens, and ends when its standard input does. Each mail becomes FOLDER/N.json. Before
each recipient it reads FOLDER/answers.json, {"address": answer}: an SMTP answer such as "550 no such user", or "drop" to
take the mail and hang up without saying so. The certificate authority of its certificate is FOLDER/authority.pem.
"""

import asyncio
import email
import email.policy
import json
import ssl
import sys
from pathlib import Path

import trustme
from aiosmtpd.smtp import SMTP, AuthResult

folder = Path(sys.argv[1])
security = sys.argv[2]
sign_in = sys.argv[3].encode().split(b":", 1) if len(sys.argv) > 3 else None


def answer_to(address):
    try:
        return json.loads((folder / "answers.json").read_text()).get(address)
    except FileNotFoundError:
        return None


class Keeper:
    def __init__(self):
        self.count = 0

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = answer_to(address)
        if answer and answer != "drop":
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        part = lambda kind: message.get_body((kind,)).get_content() if message.get_body((kind,)) else None
        kept = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "headers": [[name, str(value)] for name, value in message.items()],
            "text": part("plain"),
            "html": part("html"),
            "raw": envelope.content.decode("utf-8", "replace"),
            "tls": session.ssl is not None or security == "tls",
            "user": session.auth_data.login.decode() if session.auth_data else None,
        }
        self.count += 1
        half = folder / "half"
        half.write_text(json.dumps(kept))
        half.rename(folder / f"{self.count}.json")
        if any(answer_to(address) == "drop" for address in envelope.rcpt_tos):
            server.transport.abort()
        return "250 taken"


def authenticator(server, session, envelope, mechanism, data):
    right = mechanism in ("PLAIN", "LOGIN") and [data.login, data.password] == sign_in
    return AuthResult(success=right, handled=False, auth_data=data if right else None)


async def main():
    context = None
    if security != "none":
        authority = trustme.CA()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("localhost").configure_cert(context)
        authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    loop = asyncio.get_running_loop()
    keeper = Keeper()

    def connection():
        return SMTP(
            keeper,
            hostname="mail.test",
            enable_SMTPUTF8=True,
            tls_context=context if security == "starttls" else None,
            require_starttls=security == "starttls",
            authenticator=authenticator if sign_in else None,
            auth_required=sign_in is not None,
            auth_require_tls=security == "starttls",
            loop=loop,
        )

    server = await loop.create_server(connection, "127.0.0.1", 0, ssl=context if security == "tls" else None)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


asyncio.run(main())
