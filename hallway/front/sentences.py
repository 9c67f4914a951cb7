"""The few sentences the front says itself, in both languages, since no catalogue is loaded here."""

_SENTENCES: dict[int, dict[str, str]] = {
    400: {
        "en": "This address cannot be read. Check it and try again.",
        "fr": "Cette adresse ne peut pas être lue. Vérifiez-la, puis réessayez.",
    },
    403: {
        "en": "This live stream needs a fresh link. Reload the page.",
        "fr": "Ce flux en direct demande un lien récent. Rechargez la page.",
    },
    404: {
        "en": "There is nothing here. Check the address.",
        "fr": "Il n’y a rien ici. Vérifiez l’adresse.",
    },
    405: {
        "en": "This address can only be read.",
        "fr": "Cette adresse se consulte uniquement.",
    },
    408: {
        "en": "What you sent stopped on its way. Send it again.",
        "fr": "L’envoi s’est interrompu en chemin. Recommencez l’envoi.",
    },
    413: {
        "en": "This upload is too large. Send a smaller file.",
        "fr": "Cet envoi est trop volumineux. Choisissez un fichier plus petit.",
    },
    414: {
        "en": "This address is too long. Shorten it and try again.",
        "fr": "Cette adresse est trop longue. Raccourcissez-la, puis réessayez.",
    },
    416: {
        "en": "The file ends before the part you asked for.",
        "fr": "Le fichier se termine avant la partie demandée.",
    },
    431: {
        "en": "Your browser sent too much with this request. Delete this site’s cookies and try again.",
        "fr": "Votre navigateur a joint trop de données à cette demande. Effacez les cookies de ce site, "
        "puis réessayez.",
    },
    500: {
        "en": "Something went wrong on our side. Try again in a moment.",
        "fr": "Une erreur s’est produite de notre côté. Réessayez dans un instant.",
    },
    503: {
        "en": "Many people are here right now. Try again in a few seconds.",
        "fr": "Il y a beaucoup de monde en ce moment. Réessayez dans quelques secondes.",
    },
}


def sentence(status: int, language: str) -> str:
    """Return what to tell a person about an HTTP status, in "en" or "fr"."""
    return _SENTENCES[status][language]
