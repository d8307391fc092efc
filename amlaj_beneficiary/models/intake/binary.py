"""Files that hang on one field of a record: judged by their content, whoever sends them."""
from ...tools.files import check_upload

MEGABYTE = 1024 * 1024


def check_binary(records, field, name_field):
    """Judge the files that ``field`` of ``records`` holds, and keep them under safe names.

    :raise ValidationError: for what is no picture and no PDF, or is too large
    """
    limit = records.env['amlaj.settings']._get('max_upload_mb') * MEGABYTE
    files_sudo = records.env['ir.attachment'].sudo().search([  # the field's own files, just written by this user
        ('res_model', '=', records._name), ('res_id', 'in', records.ids), ('res_field', '=', field)])
    for file_sudo in files_sudo:
        record_sudo = records.sudo().browse(file_sudo.res_id)
        name, mimetype = records._cleaned(check_upload, record_sudo[name_field] or 'file', file_sudo.raw or b'', limit)
        file_sudo.mimetype = mimetype
        record_sudo[name_field] = name
