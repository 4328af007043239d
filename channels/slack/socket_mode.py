"""Socket Mode: we call Slack and hold the line, for houses that nobody may call from outside."""

import logging
from typing import TYPE_CHECKING, Any

from channels.slack.api import SlackApi, SlackRefused
from channels.slack.options import SlackOptions
from channels.slack.payloads import Malformed, read_payload
from errors import RecordsError

if TYPE_CHECKING:
    from channels.slack.door import SlackDoor

_log = logging.getLogger("stagecraft.slack")


async def connected(options: SlackOptions, api: SlackApi, door: "SlackDoor") -> Any:
    """Return a client that is connected and connects again by itself. Raises SlackRefused."""
    import aiohttp
    from slack_sdk.errors import SlackApiError
    from slack_sdk.socket_mode.aiohttp import SocketModeClient

    client: Any = SocketModeClient(app_token=options.app_token, web_client=api.client, logger=_log)

    async def received(_client: Any, request: Any) -> None:
        await _receive(client, request, door)

    client.socket_mode_request_listeners.append(received)
    try:
        await client.connect()
    except SlackApiError as error:
        await client.close()
        raise SlackRefused("apps.connections.open", str(error.response.get("error", "refused"))) from error
    except (aiohttp.ClientError, TimeoutError) as error:
        await client.close()
        raise SlackRefused("apps.connections.open", "unreachable") from error
    return client


async def _receive(client: Any, request: Any, door: "SlackDoor") -> None:
    """Put what came on record, and only then say that it arrived: what is not acknowledged, Slack sends again."""
    from slack_sdk.socket_mode.response import SocketModeResponse

    try:
        answer = await door.take(read_payload(request.payload))
    except Malformed:
        _log.warning("Slack sent something over the socket that cannot be read")
        answer = {}
    except RecordsError as error:
        _log.warning("what Slack sent could not be put on record: %s", error.detail)
        return
    await client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id, payload=answer or None))
