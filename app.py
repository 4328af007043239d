"""`uvicorn app:app`: read the settings, put the house together, open the doors."""

from assembly import assemble
from channels.web.application import application
from settings import load

settings = load()
house = assemble(settings)
app = application(house.open_doors, house.stop, data_dir=settings.data_dir, allowed_origins=settings.web.allowed_origins)
