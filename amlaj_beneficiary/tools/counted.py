"""Counted nouns: Arabic changes the noun with the number (يوم واحد، يومان، 3 أيام، 11 يوماً، 100 يوم)."""

# noun: (Arabic singular, "one", dual stem, plural, accusative singular), (English singular, plural)
NOUNS = {
    'day': (("يوم", "يوم واحد", "يوم", "أيام", "يوماً"), ("day", "days")),
    'week': (("أسبوع", "أسبوع واحد", "أسبوع", "أسابيع", "أسبوعاً"), ("week", "weeks")),
    'month': (("شهر", "شهر واحد", "شهر", "أشهر", "شهراً"), ("month", "months")),
    'year': (("سنة", "سنة واحدة", "سنت", "سنوات", "سنة"), ("year", "years")),
    'hour': (("ساعة", "ساعة واحدة", "ساعت", "ساعات", "ساعة"), ("hour", "hours")),
    'minute': (("دقيقة", "دقيقة واحدة", "دقيقت", "دقائق", "دقيقة"), ("minute", "minutes")),
    'request': (("طلب", "طلب واحد", "طلب", "طلبات", "طلباً"), ("request", "requests")),
    'person': (("فرد", "فرد واحد", "فرد", "أفراد", "فرداً"), ("person", "persons")),
    'paper': (("مستند", "مستند واحد", "مستند", "مستندات", "مستنداً"), ("document", "documents")),
    'file': (("ملف", "ملف واحد", "ملف", "ملفات", "ملفاً"), ("file", "files")),
    'seat': (("مقعد", "مقعد واحد", "مقعد", "مقاعد", "مقعداً"), ("seat", "seats")),
    'item': (("صنف", "صنف واحد", "صنف", "أصناف", "صنفاً"), ("item", "items")),
}


def arabic_form(n):
    """Return which form of the noun follows the number: 'one' 'two' 'plural' (3-10) 'accusative' (11-99) or 'singular'.

    From 100 on the last two digits count (103 أيام, 111 يوماً), and 101 and 102 take the singular after the figure.
    """
    n = abs(n)
    if n in (1, 2):
        return ('one', 'two')[n - 1]
    tail = n % 100
    if 3 <= tail <= 10:
        return 'plural'
    return 'accusative' if tail >= 11 else 'singular'


def counted(n, noun, lang='ar', oblique=False):
    """Return the number with its noun: counted(3, 'day') is '3 أيام', in English '3 days'.

    :param n: a whole number; from 10,000 on it is written with thousands separators
    :param noun: a key of ``NOUNS``; another one raises ``KeyError``
    :param oblique: the dual after a preposition or a noun (خلال يومين); nothing else changes
    :raises ValueError: for a number with a fraction
    """
    if n != int(n):
        raise ValueError("only whole numbers can be counted")
    n = int(n)
    arabic, english = NOUNS[noun]
    figure = f'{n:,}' if abs(n) >= 10000 else str(n)
    if not (lang or '').startswith('ar'):
        return f'{figure} {english[0] if abs(n) == 1 else english[1]}'
    singular, one, stem, plural, accusative = arabic
    form = arabic_form(n)
    if n == 1:
        return one
    if n == 2:
        return stem + ("ين" if oblique else "ان")
    return figure + ' ' + {'plural': plural, 'accusative': accusative}.get(form, singular)
