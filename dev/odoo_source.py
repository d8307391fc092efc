"""Odoo 19.0 itself: Debian's package, unpacked into the user's cache. Nothing of it is installed on the machine.

The package is fetched with apt's own signatures, but with lists, cache and sources of our own, so the machine's apt
stays as it is. The mirror is the one that the machine already uses.
"""

import hashlib
import os
import pathlib
import re
import shutil
import tempfile

import cache
import say
import settings

# What the package links to, unpacked beside it. The stable suite's: newer ones ship other files under these names.
LINKED = ('fonts-font-awesome', 'fonts-roboto-unhinted', 'fonts-inconsolata', 'fonts-ocr-b',
          'fonts-glyphicons-halflings', 'libjs-jquery', 'libjs-jquery-form', 'libjs-underscore')
# Needed in sid's version: the fonts were moved to where Odoo's links look for them.
LINKED_SID = ('fonts-montserrat',)
STABLE_SUITES = ('bookworm', 'trixie')
# The package leaves this file out; without at least an empty one every browser test fails.
LEFT_OUT = 'odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js'
DIST = 'usr/lib/python3/dist-packages'
STAMP = '.amlaj-build'


def tested_build():
    text = (settings.DEV / 'odoo_build.txt').read_text(encoding='utf-8')
    return next(row.split() for row in text.splitlines() if row and not row.startswith('#'))


def series(folder):
    """`19.0` of the Odoo in this folder, or None if there is none."""
    try:
        text = (folder / 'odoo' / 'release.py').read_text(encoding='utf-8')
    except OSError:
        return None
    found = re.search(r'version_info = \((\d+), (\d+)', text)
    return found and f'{found[1]}.{found[2]}'


def ensure():
    """The folder to put on PYTHONPATH, and a word that names this build (for the cache's keys)."""
    if settings.ODOO:
        return _existing(pathlib.Path(settings.ODOO).expanduser().resolve())
    home = settings.CACHE / 'odoo'
    if not (home / STAMP).exists():
        with cache.lock('odoo'):
            if not (home / STAMP).exists():
                _fetch(home)
    build = (home / STAMP).read_text(encoding='utf-8').strip()
    package, version, sha = tested_build()
    if build != sha:
        say.warn(f"this Odoo is another build of 19.0 than the tested {package} {version}; most likely fine")
    return home / DIST, build


def _existing(folder):
    if (folder / 'release.py').exists():
        folder = folder.parent
    found = series(folder)
    if found != '19.0':
        raise say.Failed(f"ODOO={settings.ODOO}: {f'this is Odoo {found}' if found else 'no Odoo there'};"
                         " give the folder of an Odoo 19.0 (the one that holds odoo-bin, or the package `odoo`)")
    say.line(f"· Odoo {found} of {folder}")
    return folder, settings.digest(folder, say.output(['git', '-C', folder, 'rev-parse', 'HEAD']))


def _fetch(home):
    if not shutil.which('apt-get') or not shutil.which('dpkg-deb'):
        raise say.Failed("Odoo comes as a Debian package and this machine has no apt: give an Odoo 19.0 by ODOO=/path")
    work = settings.CACHE / 'fetch'
    work.mkdir(parents=True, exist_ok=True)
    with say.step("Odoo 19.0: Debian's package, 123 MB, and what it links to, 10 MB") as note:
        apt = _private_apt(work)
        say.run(['apt-get', 'update'], 'odoo-lists', env=apt)
        suite = _stable_suite()
        wanted = [tested_build()[0], *LINKED_SID, *(f'{name}/{suite}' for name in LINKED)]
        debs = work / 'debs'
        debs.mkdir(exist_ok=True)
        # apt keeps a half download aside and goes on from it the next time
        say.run(['apt-get', 'download', *wanted], 'odoo-download', env=apt, cwd=debs)
        odoo_deb = next(debs.glob(f'{tested_build()[0]}_*.deb'))
        note(odoo_deb.name)
    with say.step(f"Odoo 19.0: unpacking into {home}"):
        part = home.with_name('odoo.part')
        shutil.rmtree(part, ignore_errors=True)
        for deb in [odoo_deb, *(deb for deb in sorted(debs.glob('*.deb')) if deb != odoo_deb)]:
            say.run(['dpkg-deb', '-x', deb, part], 'odoo-unpack')
        left_out = part / DIST / LEFT_OUT
        if not left_out.exists():
            left_out.parent.mkdir(parents=True, exist_ok=True)
            left_out.touch()
        dangling = [link for link in part.rglob('*') if link.is_symlink() and not link.exists()]
        if dangling:
            raise say.Failed(f"Odoo's package links to files that are not there, first {dangling[0].name}:"
                             " add the package that holds it to LINKED in dev/odoo_source.py")
        if series(part / DIST) != '19.0':
            raise say.Failed(f"{odoo_deb.name} is not Odoo 19.0; give one by ODOO=/path")
        with odoo_deb.open('rb') as deb:
            sha = hashlib.file_digest(deb, 'sha256').hexdigest()
        (part / STAMP).write_text(sha + '\n', encoding='utf-8')
        shutil.rmtree(home, ignore_errors=True)
        part.rename(home)
        shutil.rmtree(work, ignore_errors=True)


def _stable_suite():
    own = re.search(r'^VERSION_CODENAME=(\S+)', pathlib.Path('/etc/os-release').read_text(encoding='utf-8'), re.M)
    return own[1] if own and own[1] in STABLE_SUITES else STABLE_SUITES[-1]


def _mirror():
    """The Debian mirror in the machine's own apt configuration."""
    targets = say.output(['apt-get', 'indextargets', '--format', '$(REPO_URI) $(RELEASE)', 'Identifier: Packages'])
    rows = [row.split() for row in targets.splitlines() if len(row.split()) == 2]
    plain = [uri for uri, suite in rows if '-' not in suite.removeprefix('old') and 'security' not in uri
             and uri.rstrip('/').endswith('debian')]
    if not plain:
        raise say.Failed("no Debian mirror in this machine's apt sources: add one, or give an Odoo 19.0 by ODOO=/path")
    return plain[0]


def _private_apt(work):
    """Environment under which apt keeps everything in `work`."""
    mirror = _mirror()
    keyring = pathlib.Path('/usr/share/keyrings/debian-archive-keyring.gpg')
    if not keyring.exists():
        raise say.Failed("Debian's keys are missing: sudo apt-get install debian-archive-keyring")
    for name in ('lists/partial', 'cache/archives/partial'):
        (work / name).mkdir(parents=True, exist_ok=True)
    (work / 'sources.list').write_text(''.join(
        f'deb [signed-by={keyring}] {mirror} {suite} main\n' for suite in ('sid', _stable_suite())), encoding='utf-8')
    config = work / 'apt.conf'
    config.write_text(
        f'Dir::State::Lists "{work}/lists";\nDir::Cache "{work}/cache";\nDir::Etc::SourceList "{work}/sources.list";\n'
        'Dir::Etc::SourceParts "/dev/null";\n'
        'Dir::Etc::Preferences "/dev/null";\nDir::Etc::PreferencesParts "/dev/null";\n'
        # the cache folder may be closed to apt's own user; the signatures are checked all the same
        + ('APT::Sandbox::User "root";\n' if os.geteuid() == 0 else '')
        + 'Acquire::Languages "none";\nAPT::Update::Post-Invoke-Success {};\n', encoding='utf-8')
    return {'APT_CONFIG': str(config), 'TMPDIR': tempfile.gettempdir()}
