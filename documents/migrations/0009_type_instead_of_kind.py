import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("documents", "0008_types_of_documents")]

    operations = [
        migrations.AlterField(
            model_name="document",
            name="type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.documenttype",
            ),
        ),
        migrations.AlterField(
            model_name="searchentry",
            name="type",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="documents.documenttype",
            ),
        ),
        migrations.RemoveField(model_name="document", name="kind"),
        migrations.RemoveField(model_name="searchentry", name="kind"),
    ]
