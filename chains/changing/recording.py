"""Record work that is no answer to a brief, such as a refresh, as a turn of its own, however it ends."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chains.answering.turn import RunningTurn
from chains.sentences import say
from errors import AssistantError, UnexpectedFailure, failure_id_of
from records.ledger import Ledger
from records.turns import TurnStart

logger = logging.getLogger("stagecraft.chain")


@asynccontextmanager
async def on_record(ledger: Ledger, start: TurnStart) -> AsyncIterator[RunningTurn]:
    """Begin a turn and record its end: answered, failed with its sentence, or cancelled.

    An AssistantError goes on to the caller; a bug becomes an UnexpectedFailure whose number is on record.
    """
    turn = RunningTurn(id=await ledger.begin_turn(start), artifact=start.artifact)
    try:
        yield turn
        turn.outcome = "answered"
    except AssistantError as error:
        turn.failure = error.sentence(start.language)
        if error.detail:
            turn.failure_id = secrets.token_hex(4)
            logger.warning("%s %s: %s", turn.failure_id, type(error).__name__, error.detail)
        raise
    except Exception as error:
        turn.failure_id = failure_id_of(error)
        turn.failure = say("bug", start.language, id=turn.failure_id)
        raise UnexpectedFailure(turn.failure_id) from error
    except BaseException:
        turn.outcome = "cancelled"
        raise
    finally:
        # Also when the person has gone: the record is written in a task of its own.
        await asyncio.shield(asyncio.create_task(ledger.end_turn(turn.id, turn.record())))
