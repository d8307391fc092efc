"""One exception for everything a person can type, choose or upload wrongly, and the one list of what is said about it.

The other tools raise ``BadInput`` with a code; this file says each code in English, where Odoo's term extraction finds
it. No tool knows the reader's language: the one place in the models that shows these messages translates them, by
``odoo.tools.translate.get_translation('amlaj_beneficiary', lang, error.template, error.values_in(lang))``.
"""


def _lt(sentence):
    """Mark a sentence for Odoo's term extraction, which looks for this very name; it is translated when shown."""
    return sentence


CODES = {
    # identity numbers
    'identity_missing': _lt("Please enter the identity number."),
    'identity_kind_unknown': _lt("“%(kind)s” is not a kind of identity that is known here."),
    'identity_not_expected': _lt("Choose the kind of identity this number belongs to, or leave the number empty."),
    'identity_not_digits': _lt("An identity number of this kind has digits only, without letters or signs."),
    'identity_length': _lt("The identity number must have %(expected)s digits; %(length)s were entered."),
    'identity_first_digit': _lt("An identity number of this kind starts with %(expected)s; check the first digit."),
    'identity_is_iqama': _lt("This number starts with 2: it is a resident ID (Iqama), not a national ID."),
    'identity_is_national': _lt("This number starts with 1: it is a national ID, not a resident ID (Iqama)."),
    'identity_check_digit': _lt("This identity number is not right: a digit was mistyped, or two were swapped."),
    'identity_characters': _lt("An identity number of this kind has only letters A-Z and digits."),
    'identity_size': _lt("An identity number of this kind has %(shortest)s to %(longest)s characters; "
                         "%(length)s were entered."),
    'identity_rounded': _lt("The spreadsheet has shortened this number (%(value)s). Format the column as text and "
                            "enter it again."),
    # phones
    'phone_missing': _lt("Please enter the phone number."),
    'phone_invalid': _lt("“%(value)s” is not a phone number that exists. Example: 050 123 4567"),
    'phone_characters': _lt("“%(value)s” is not one phone number: use digits only, and one number in each field."),
    'phone_too_short': _lt("“%(value)s” is too short for a phone number. Example: 050 123 4567"),
    'phone_too_long': _lt("“%(value)s” is too long for one phone number. Example: 050 123 4567"),
    'phone_not_mobile': _lt("“%(value)s” is not a mobile number. A mobile number starts with 05."),
    'phone_premium': _lt("“%(value)s” is a number with extra charges; please enter a normal phone number."),
    'phone_rounded': _lt("The spreadsheet has shortened this number (%(value)s). Format the column as text and enter "
                         "it again."),
    # IBAN and address
    'iban_missing': _lt("Please enter the IBAN."),
    'iban_characters': _lt("An IBAN has only letters A-Z and digits."),
    'iban_no_country': _lt("An IBAN starts with two letters for the country, SA for Saudi Arabia."),
    'iban_country': _lt("“%(country)s” is not a country that uses the IBAN."),
    'iban_length': _lt("The IBAN must have %(expected)s characters; %(length)s were entered."),
    'iban_structure': _lt("This IBAN does not have the form that its country uses."),
    'iban_check_digits': _lt("This IBAN is not right: one of its characters was mistyped, or two were swapped."),
    'short_address_missing': _lt("Please enter the short national address."),
    'short_address_invalid': _lt("“%(value)s” is not a short national address: it has 4 English letters and 4 digits, "
                                 "for example RNBB2312."),
    # dates
    'date_missing': _lt("Please enter the date."),
    'date_unreadable': _lt("“%(value)s” cannot be read as a date. Examples: 15/7/1410 or 12/2/1990"),
    'date_two_digit_year': _lt("Write the year of “%(value)s” with four digits, for example 1410 or 1990."),
    'date_year': _lt("The year %(year)s is neither a Hijri year (1300-1500) nor a Gregorian year (1900-2100)."),
    'date_month': _lt("There is no month %(month_number)s: months go from 1 to 12."),
    'date_day_first': _lt("There is no month %(month_number)s. Write the day first, then the month: %(suggestion)s"),
    'date_day': _lt("There is no day %(day)s in %(month)s %(year)s, which has %(length)s days."),
    'hijri_day_missing': _lt("There is no day %(day)s in %(month)s %(year)s AH: by the Umm al-Qura calendar that month "
                             "has %(length)s days."),
    'hijri_out_of_table': _lt("Hijri dates can be converted from 1/1/1343 to 30/12/1500 only; “%(value)s” is outside."),
    'date_calendar_conflict': _lt("“%(value)s” mixes the two calendars: check the year, the month and the letter after "
                                  "it."),
    'date_serial': _lt("“%(value)s” is a spreadsheet's inner number, not a date. Format the column as a date and enter "
                       "it again."),
    'birth_future': _lt("The birth date is in the future; please check the year."),
    'birth_too_old': _lt("The birth date gives an age of %(age)s years; please check the year."),
    # numbers and amounts
    'number_missing': _lt("Please enter a number."),
    'number_invalid': _lt("“%(value)s” is not a number. Example: 1,250.50"),
    'amount_negative': _lt("The amount cannot be less than zero."),
    'amount_too_large': _lt("The amount is too large to be written in words."),
    # files
    'file_empty': _lt("The file is empty. Please choose it again."),
    'file_too_large': _lt("The file has %(size)s MB; the most that can be sent is %(limit)s MB. "
                          "A photo taken with a lower quality is enough."),
    'file_type': _lt("This kind of file cannot be accepted. Please send a PDF or a photo (JPEG, PNG, WebP, HEIC)."),
    'file_name_lies': _lt("The content of this file is not what its name says (%(extension)s). "
                          "Please send the original PDF or photo."),
    'file_active': _lt("This PDF contains a program. Please print it to a new PDF, or send a photo of it."),
    'file_broken': _lt("This file is damaged and cannot be opened. Please send it again."),
    'sheet_unreadable': _lt("This file cannot be read as a table. Please save it as an Excel file (.xlsx) and send it again."),
    'sheet_too_big': _lt("This table is too large: at most %(rows)s rows are taken at once. Please send it in parts."),
    'image_too_many_pixels': _lt("This image has %(pixels)s million pixels; at most %(limit)s million can be opened. "
                                 "Please take the photo with a lower quality."),
    'image_heic': _lt("The photo is in the HEIC format, which cannot be opened here. Please send it as JPEG."),
}


class BadInput(ValueError):
    """What a person typed, chose or uploaded cannot be accepted.

    :param code: a key of ``CODES``; an unknown one is a programming error and raises ``KeyError``
    :param values: the placeholders of the sentence. A value with two names comes as ``x_ar`` and ``x_en`` beside ``x``.

    ``str(error)`` is the English sentence. It may repeat what was typed, so it is for who typed it: never log it.
    """

    def __init__(self, code, **values):
        self.template = CODES[code]
        self.code = code
        self.values = values
        super().__init__(code)

    def values_in(self, lang):
        """Return the values with the names (of months) in this language: Arabic for ``ar…``, otherwise English."""
        suffix = '_ar' if (lang or '').startswith('ar') else '_en'
        return {key: self.values.get(key + suffix, value) for key, value in self.values.items()}

    def __str__(self):
        return self.template % self.values_in('en')

    def __reduce__(self):
        return _rebuild, (self.code, self.values)


def _rebuild(code, values):
    return BadInput(code, **values)
