import hashlib
import hmac
import json
import os

from odoo import api, models
from odoo.tools import config

from ...tools.keyfile import read_key


class AmlajSecret(models.AbstractModel):
    """The association's key, which is not in the database, and what is computed under it (rule 10; R69).

    It has no table and no public method. Whoever steals the database can neither forge a row of the access log nor
    compute a code that a person holds.
    """
    _name = 'amlaj.secret'
    _description = "The association's key"

    @api.model
    def _key(self):
        """The key: of the file that the server's option ``amlaj_key_file`` names, or of one in the data folder."""
        return read_key(config.get('amlaj_key_file') or os.path.join(config['data_dir'], 'amlaj_beneficiary.key'))

    @api.model
    def _hmac(self, purpose, *parts):
        """HMAC-SHA256 of ``parts`` (plain values) for one ``purpose``, as hexadecimal text; purposes never collide."""
        content = json.dumps([purpose, *parts], ensure_ascii=False, default=str)
        return hmac.new(self._key(), content.encode(), hashlib.sha256).hexdigest()
