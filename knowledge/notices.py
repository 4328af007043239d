"""What a person should know about the knowledge, though nobody has to act on it at once."""

from dataclasses import dataclass

from errors import AssistantError, Language


@dataclass(frozen=True)
class Notice:
    """A sentence in both languages; `str` is the English one."""

    en: str
    zh: str

    def __str__(self) -> str:
        return self.en

    def sentence(self, language: Language) -> str:
        """Return the sentence in the reader's language."""
        return self.zh if language == "zh" else self.en


WORDS_CHOSEN = Notice("Search goes by words alone: no embedding is configured.", "仅按词语搜索：未配置嵌入模型。")
NO_PACKAGED = Notice(
    "Search goes by words alone: the packaged embedding does not run on this platform.",
    "仅按词语搜索：内置嵌入模型无法在此平台运行。",
)
CHANGED_BESIDE = Notice(
    "Another program of the house searches with another embedding; restart this one so that it does as well.",
    "另一个程序已改用其他嵌入模型进行搜索；请重启本程序以保持一致。",
)


def by_words_until(error: AssistantError) -> Notice:
    """Tell that the embedding fails for the moment."""
    return Notice(
        f"Search goes by words alone until the embedding answers again: {error.sentence('en')}",
        f"在嵌入模型恢复之前仅按词语搜索：{error.sentence('zh')}",
    )


def vectors_later(error: AssistantError) -> Notice:
    """Tell that new passages are found by words only."""
    return Notice(
        f"New passages are found by words alone for now, and their vectors are tried again: {error.sentence('en')}",
        f"新段落暂时只能按词语找到，系统会重试生成其向量：{error.sentence('zh')}",
    )


def in_memory(error: AssistantError) -> Notice:
    """Tell that the index is not used."""
    return Notice(
        f"{error.sentence('en')} Until then vectors are searched in memory.",
        f"{error.sentence('zh')}在此之前，向量在内存中搜索。",
    )


def changing(done: int, total: int) -> Notice:
    """Tell how far another embedding is made ready."""
    return Notice(
        f"Another embedding is being made ready: {done} of {total} passages are done. The former one answers meanwhile.",
        f"正在准备新的嵌入模型：已完成 {total} 个段落中的 {done} 个。在此期间由原模型提供搜索。",
    )
