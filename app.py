"""`uvicorn app:app`: read the settings, put the house together, open the page."""

from assembly import assemble
from channels.web.application import application
from settings import load

settings = load()
house = assemble(settings)
app = application(
    house.start,
    house.stop,
    data_dir=settings.data_dir,
    brief_characters=settings.web.brief_characters,
    allowed_origins=settings.web.allowed_origins,
    curation=house.curation,
)
