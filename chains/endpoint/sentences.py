"""What a person reads when the endpoint fails, in English and Chinese: never an address, a key or a model's name."""

from errors import (
    BrokenReply,
    ContextTooLong,
    EndpointBusy,
    EndpointMisconfigured,
    EndpointTimeout,
    EndpointUnreachable,
)


def unreachable(detail: str = "") -> EndpointUnreachable:
    """Nothing answers."""
    return EndpointUnreachable(
        "The model service cannot be reached. Your brief is kept: try again in a moment, and tell your operator if it goes on.",
        "无法连接模型服务。您的需求已保留：请稍后重试；如持续出现，请联系运维人员。",
        detail=detail,
    )


def resting(seconds: float, detail: str = "") -> EndpointUnreachable:
    """The breaker is open: nothing was sent."""
    wait = max(1, round(seconds))
    return EndpointUnreachable(
        f"The model service failed several times in a row and is not asked for the next {wait} s. "
        "Your brief is kept: try again after that.",
        f"模型服务连续多次失败，接下来 {wait} 秒内不再请求。您的需求已保留：请稍后重试。",
        detail=detail,
    )


def busy(detail: str = "") -> EndpointBusy:
    """It refuses work for now."""
    return EndpointBusy(
        "The model service is busy. Your brief is kept: try again in a minute.",
        "模型服务正忙。您的需求已保留：请一分钟后重试。",
        detail=detail,
    )


def overloaded(seconds: int, detail: str = "") -> EndpointBusy:
    """Too many turns wait in front of our own gate."""
    return EndpointBusy(
        f"The assistant is busy: too many briefs wait already. Your brief is kept: try again in about {seconds} s.",
        f"助手正忙：已有过多需求在排队。您的需求已保留：请约 {seconds} 秒后重试。",
        detail=detail,
        retry_after=seconds,
    )


def too_slow(detail: str = "", partial: str = "") -> EndpointTimeout:
    """The time budget ran out, before the first token or after some text."""
    if partial:
        return EndpointTimeout(
            "The model service did not finish in time. What had arrived is kept: continue from it, or ask for less at once.",
            "模型服务未能在限定时间内完成。已收到的内容已保留：可以继续，或减少一次请求的内容。",
            detail=detail,
            partial=partial,
        )
    return EndpointTimeout(
        "The model service did not begin to answer in time. Your brief is kept: try again in a moment.",
        "模型服务未能在限定时间内开始回答。您的需求已保留：请稍后重试。",
        detail=detail,
    )


def misconfigured(detail: str = "") -> EndpointMisconfigured:
    """The key, the model's name or the address is wrong."""
    return EndpointMisconfigured(
        "The model service is misconfigured, so nothing can be answered. Your brief is kept: tell your operator.",
        "模型服务配置有误，暂时无法回答。您的需求已保留：请联系运维人员。",
        detail=detail,
    )


def refused(detail: str = "") -> EndpointMisconfigured:
    """It does not take this kind of request."""
    return EndpointMisconfigured(
        "The model service refused this kind of request. Your brief is kept: tell your operator.",
        "模型服务拒绝了这类请求。您的需求已保留：请联系运维人员。",
        detail=detail,
    )


def too_long(detail: str = "") -> ContextTooLong:
    """The prompt does not fit."""
    return ContextTooLong(
        "The brief and its material are longer than the model can read. Shorten the brief, or split it in two.",
        "需求及其材料超出模型可读取的长度。请缩短需求，或拆分为两个。",
        detail=detail,
    )


def failed(detail: str = "", partial: str = "") -> BrokenReply:
    """The service answered with a fault of its own, or with something that is no answer."""
    return BrokenReply(
        "The model service failed while answering. Your brief is kept: try again, and tell your operator if it goes on.",
        "模型服务在回答时出错。您的需求已保留：请重试；如持续出现，请联系运维人员。",
        detail=detail,
        partial=partial,
    )


def cut(detail: str = "", partial: str = "") -> BrokenReply:
    """The reply broke off."""
    return BrokenReply(
        "The answer broke off before its end. What had arrived is kept: continue from it, or try again.",
        "回答在结束前中断。已收到的内容已保留：可以继续，或重试。",
        detail=detail,
        partial=partial,
    )


def nothing(detail: str = "") -> BrokenReply:
    """The call ended without a single character."""
    return BrokenReply(
        "The model service ended the call, but no answer was returned. Your brief is kept: try again, or word it differently.",
        "模型服务结束了调用，但没有返回任何回答。您的需求已保留：请重试，或换一种说法。",
        detail=detail,
    )


def withheld(detail: str = "", partial: str = "") -> BrokenReply:
    """A filter of the service held the answer back."""
    return BrokenReply(
        "A content filter of the model service held the answer back. Word the brief differently.",
        "模型服务的内容过滤器拦截了回答。请换一种方式描述需求。",
        detail=detail,
        partial=partial,
    )
