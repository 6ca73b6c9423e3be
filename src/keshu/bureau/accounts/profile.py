"""What a person may change about their own account."""

from keshu.bureau.accounts.models import User
from keshu.bureau.accounts.registering import telephone
from keshu.bureau.parties.personal import seal, unseal
from keshu.bureau.records.services import Actor, digest_of, writing


def phone_of(user: User) -> str:
    """The number in full, for the person themselves and for messages to them."""
    return unseal(user.phone) if user.phone else ""


def change_profile(user_id: int, *, email: str, phone: str, title: str, by: Actor) -> User:
    """New address, number or title. Raises AccountProblem for a number that is none."""
    number = telephone(phone)
    user = User.objects.get(pk=user_id)
    with writing(verb="user.profile", by=by, subject=f"user:{user.username}") as under_way:
        user.email, user.title = email.strip(), title.strip()
        if number != phone_of(user):
            user.phone = seal(number) if number else ""
        user.save(update_fields=["email", "phone", "title"])
        under_way.wrote(digest_of(["user.profile", user.username, user.email, user.title]))
    return user
