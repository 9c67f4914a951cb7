"""What has to be true of a floor's questions, whatever many hands did to them."""

from __future__ import annotations

from hallway.sharing.questions.models import Answer, Floor, Question

State = Question.State


def troubles_of(floor: Floor) -> list[str]:
    """Everything that is wrong with the questions of a floor, in words."""
    found = []
    for row in floor.questions.all():
        voters = row.vote_rows.filter(is_wanted=True).count()
        if row.votes != voters:
            found.append(f"question {row.pk} says {row.votes} votes, {voters} people voted")
        if row.vote_rows.filter(voter_key=row.asker_key, is_wanted=True).exists():
            found.append(f"question {row.pk} has its asker's own vote")
        if row.merged_into is not None and row.merged_into.state == State.MERGED:
            found.append(f"question {row.pk} was put into one that is gone")
        standing = row.answers.filter(withdrawn_at=None, hidden_at=None).exists()
        if standing != (row.answered_later_at is not None):
            found.append(f"question {row.pk} does not know whether it is answered")
        if standing and row.state in {State.MERGED, State.WITHDRAWN}:
            found.append(f"question {row.pk} was answered and is {row.state}")
    if floor.questions.filter(on_stage_at__isnull=False).count() > 1:
        found.append("two are on the stage")
    for answer in Answer.objects.filter(question__floor=floor):
        marks = answer.marks.filter(is_meant=True)
        counts = tuple(marks.filter(kind=kind).count() for kind in ("helped", "tried"))
        if (answer.helped, answer.tried) != counts:
            found.append(f"answer {answer.pk} says {(answer.helped, answer.tried)} marks, there are {counts}")
    return found
