"""An artifact as people see it: with sources, drawings, versions and what is proposed."""
