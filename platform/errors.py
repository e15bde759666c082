"""What every error that may reach a caller can say: a stable code, words in two languages, a status."""


class ToldError(Exception):
    """Something was not done, and whoever asked is told so in words that say what to do next.

    Every part of the product answers it alike: an API with code and words, a page with the words, never as an error of
    the server's own making. Errors that are told to nobody are plain exceptions.

    Attributes:
        code: stable, for machines.
        zh: the words in Chinese.
        en: the words in English.
        status: HTTP status; 500 and above is our fault, not the asker's.
        retryable: whether the same request may succeed later.
    """

    code: str
    zh: str
    en: str
    status: int = 422
    retryable: bool = False
