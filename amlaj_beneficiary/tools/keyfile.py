"""The association's secret key, kept in a file beside the filestore and never in the database."""
import contextlib
import os
import secrets

KEY_BYTES = 32


def read_key(path):
    """Return the key in ``path``; the first caller makes it, readable by the server's user only.

    :param path: absolute path of the key file
    :return: ``KEY_BYTES`` random bytes
    :raise OSError: when the folder cannot be written or the file cannot be read
    """
    with contextlib.suppress(FileExistsError):
        # written whole under another name, then linked: a second process sees all of the key or no file
        draft = f"{path}.{os.getpid()}.{secrets.token_hex(4)}"
        if not os.path.exists(path):
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), 'wb') as file:
                file.write(secrets.token_bytes(KEY_BYTES))
            try:
                os.link(draft, path)
            finally:
                os.unlink(draft)
    with open(path, 'rb') as file:
        return file.read()
