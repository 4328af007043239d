"""Who is asked: the private model server or the embedded demonstration model, behind one port."""
