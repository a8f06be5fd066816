"""What can go wrong with a source, each with where it happened and the remedy."""


class GatheringError(ValueError):
    """A load cannot go on; the message names what, where and the remedy."""


class DeclarationError(GatheringError):
    """A source file is wrong; the message names the file, the key and the remedy."""


class AddressRefused(GatheringError):
    """A source's address points where sources may not reach (SSRF, path traversal)."""


class DriverMissing(GatheringError):
    """The kind needs a package that is not installed; the message has the command that installs it."""


class UnreadableDelivery(GatheringError):
    """A whole file cannot be read; `reason` is a key of `quarantine.REASONS`."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
