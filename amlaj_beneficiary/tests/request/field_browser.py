import json
import threading
from contextlib import contextmanager
from unittest.mock import patch

from odoo.http import Application
from odoo.tests.common import ChromeBrowser

PATIENCE = 30  # seconds in which a page comes to be what is waited for; it does so at once
OFFLINE = {'offline': True, 'latency': 0, 'downloadThroughput': 0, 'uploadThroughput': 0}
ANSWER = Application.__call__
ONLINE = {'offline': False, 'latency': 0, 'downloadThroughput': -1, 'uploadThroughput': -1}

# what every page of the test is given: waiting without a fixed pause, and a camera that sees what the test holds before it
HELPERS = """
window.until = async (condition) => {
    const end = Date.now() + %d * 1000;
    for (;;) {
        const value = await condition();
        if (value) return value;
        if (Date.now() > end) throw new Error(`never true: ${condition} in: ${document.body.innerText}`);
        await new Promise((resolve) => setTimeout(resolve, 40));
    }
};
window.stored = (store) => new Promise((resolve, reject) => {
    const request = indexedDB.open("amlaj_field");
    request.onerror = reject;
    request.onsuccess = () => {
        const all = request.result.transaction(store).objectStore(store).getAll();
        all.onsuccess = () => { request.result.close(); resolve(all.result); };
    };
});
window.seen = null;
window.BarcodeDetector = class { async detect() { return window.seen ? [{rawValue: window.seen}] : []; } };
if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = async () => {
    const canvas = document.createElement("canvas");
    canvas.getContext("2d").fillRect(0, 0, 1, 1);
    return canvas.captureStream(5);
};
window.confirm = () => true;
""" % PATIENCE


class FieldBrowser:
    """A browser for tests of the page that works without line: several pages one after the other, airplane mode, cookies."""

    def __init__(self, test):
        self.test = test
        self.chrome = ChromeBrowser(test)
        self.is_offline = False

    @contextmanager
    def opened(self, user):
        """Open the browser with ``user`` logged in; it is closed at the end, whatever happens."""
        try:
            with (
                self.test.allow_requests(browser=self.chrome),
                patch.object(Application, '__call__', lambda *args: self._answer(*args)),
            ):
                self.log_in(user)
                self.chrome._websocket_request('Page.addScriptToEvaluateOnNewDocument', params={'source': HELPERS})
                self.chrome._websocket_request('Network.enable')
                yield self
        finally:
            self.chrome.stop()
            self.test._wait_remaining_requests()

    def log_in(self, user):
        self.test.authenticate(user.login, user.login, browser=self.chrome)
        self.flush()

    def log_out_behind(self):
        """The session ends, as after a week or when a manager ends it; the page is not told."""
        self.chrome._websocket_request('Network.deleteCookies', params={
            'name': 'session_id', 'url': self.test.base_url()})

    def flush(self):
        """The server's cursor sees what the test wrote, and the test sees what the server wrote."""
        self.test.env.flush_all()
        self.test.env.invalidate_all()

    def go(self, path, wait='true'):
        """Close the page by opening an empty one, then open ``path`` anew, and wait until ``wait`` is true in it."""
        self.chrome.navigate_to('about:blank', wait_stop=True)
        self.chrome.navigate_to(self.test.base_url() + path)
        deadline = threading.Event()
        for __ in range(PATIENCE * 10):
            if self.run(f'document.readyState === "complete" && location.protocol !== "about:" && Boolean({wait})', True):
                return
            deadline.wait(0.1)
        self.test.fail(f'{path} never came to be {wait}: ' + str(self.run('location.href + " " + document.body.innerText', True)))

    def run(self, script, is_lenient=False):
        """The value of ``script``, an expression that may be awaited."""
        answer = self.chrome._websocket_request('Runtime.evaluate', timeout=PATIENCE * 2, params={
            'expression': f'(async () => ({script}))()', 'awaitPromise': True, 'returnByValue': True})
        if 'exceptionDetails' in answer:
            if is_lenient:
                return None
            self.test.fail(json.dumps(answer['exceptionDetails'].get('exception', {}).get('description'), ensure_ascii=False))
        self.flush()
        return answer['result'].get('value')

    def until(self, condition):
        return self.run(f'until(async () => {condition})')

    def click(self, selector):
        self.run(f'until(() => document.querySelector({json.dumps(selector)})).then((node) => {{ node.click(); return true; }})')

    def type(self, selector, text):
        self.run(f"""until(() => document.querySelector({json.dumps(selector)})).then((node) => {{
            node.value = {json.dumps(text)};
            node.dispatchEvent(new Event("input", {{bubbles: true}}));
            return true;
        }})""")

    def airplane(self, is_on):
        """Airplane mode: the page knows of it, and no request of the browser's is answered, whoever makes it.

        What Chromium emulates holds for the page alone and is lost when a worker starts anew, so the server itself is silent."""
        self.is_offline = is_on
        self.chrome._websocket_request('Network.emulateNetworkConditions', params=OFFLINE if is_on else ONLINE)

    def _answer(self, application, environ, start_response):
        if self.is_offline:
            raise ConnectionResetError("airplane mode")  # the connection closes without an answer
        return ANSWER(application, environ, start_response)
